namespace Signet.Jose;

/// <summary>Why a JWK was refused. Safe to show: it never carries key material.</summary>
public enum JwkDefect
{
    /// <summary>Not a JSON object, or one with duplicate members, broken Unicode or too much of it.</summary>
    NotStrictJson,

    /// <summary>A required member is missing, or a member has another type than RFC 7517 and RFC 7518 give it.</summary>
    MissingOrWrongMember,

    /// <summary><c>kty</c> is none of RSA, EC, OKP.</summary>
    UnsupportedKeyType,

    /// <summary><c>crv</c> is none of P-256, P-384, P-521, Ed25519, Ed448.</summary>
    UnsupportedCurve,

    /// <summary><c>alg</c> is not a signature algorithm of <see cref="JwsAlgorithm"/>.</summary>
    UnsupportedAlgorithm,

    /// <summary><c>alg</c> is for another type of key or curve.</summary>
    AlgorithmDoesNotFit,

    /// <summary><c>use</c> or <c>key_ops</c> reserve the key for something else than signatures.</summary>
    NotForSignatures,

    /// <summary>A number or coordinate is not canonical base64url, or an integer has leading zeros.</summary>
    BadEncoding,

    /// <summary>A coordinate or Edwards key does not have exactly the length of its curve.</summary>
    WrongLength,

    /// <summary>The coordinates are no point of the curve, or one of small order.</summary>
    NotOnCurve,

    /// <summary>The RSA modulus is shorter than 2048 bits, longer than 8192, even, or of a generator known to be broken.</summary>
    WeakModulus,

    /// <summary>The RSA exponent is even or outside 2^16..2^32.</summary>
    WeakExponent,

    /// <summary>Private members where only a public key belongs: the sender has published its secret.</summary>
    PrivateKeyExposed,

    /// <summary>The private members are missing, or do not belong to the public ones.</summary>
    PrivateKeyInconsistent,
}
