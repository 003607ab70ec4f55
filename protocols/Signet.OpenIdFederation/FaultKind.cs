namespace Signet.OpenIdFederation;

/// <summary>Why a statement, a chain, a mark or a policy was refused.</summary>
public enum FaultKind
{
    /// <summary>Not a signed JWT in its one spelling, not strict JSON, or longer than allowed.</summary>
    Malformed,

    /// <summary>The <c>typ</c> is missing or another.</summary>
    WrongType,

    /// <summary>The <c>alg</c> is none of those accepted, or not the key's.</summary>
    UnacceptableAlgorithm,

    /// <summary>A claim or header member is missing.</summary>
    MissingClaim,

    /// <summary>A claim or header member does not have the form the specification gives it.</summary>
    InvalidClaim,

    /// <summary>A claim or header member stands where the specification forbids it.</summary>
    MisplacedClaim,

    /// <summary>A claim or policy operator is said to be critical, and is not understood.</summary>
    UnknownCritical,

    /// <summary>The issuer is not the one expected.</summary>
    WrongIssuer,

    /// <summary>The subject is not the one expected.</summary>
    WrongSubject,

    /// <summary>The audience is not the one expected, or names others beside it.</summary>
    WrongAudience,

    /// <summary>The time of issue lies in the future.</summary>
    NotYetValid,

    /// <summary>The time of expiry has passed.</summary>
    Expired,

    /// <summary>The key set is no key set, has a key without <c>kid</c>, one <c>kid</c> twice, or a private key.</summary>
    InvalidKeys,

    /// <summary>The <c>kid</c> means no usable key of the issuer.</summary>
    UnknownKey,

    /// <summary>The key exists, and did not sign this.</summary>
    BadSignature,

    /// <summary>The statements of a chain do not hang together.</summary>
    BrokenChain,

    /// <summary>An entity occurs twice in a chain.</summary>
    Loop,

    /// <summary>A chain has more statements, or a search would need more steps, than allowed.</summary>
    TooLong,

    /// <summary>The chain does not end at a configured trust anchor.</summary>
    UntrustedAnchor,

    /// <summary>A constraint of a superior forbids the chain.</summary>
    ConstraintViolated,

    /// <summary>A metadata policy is malformed, combines operators that exclude each other, or can't be merged.</summary>
    InvalidPolicy,

    /// <summary>The metadata are malformed, or do not comply with the policy.</summary>
    InvalidMetadata,

    /// <summary>The trust mark's type or issuer is not recognized by the trust anchor.</summary>
    UnrecognizedTrustMark,

    /// <summary>A document does not exist. Asking again does not help.</summary>
    NotFound,

    /// <summary>A document could not be had now. Asking again may help (OIDFed §10.5).</summary>
    Unreachable,
}
