namespace Signet.OpenIdFederation.Statements;

/// <summary>What an entity statement is used for; it decides which claims it may have.</summary>
internal enum StatementForm
{
    /// <summary>An entity configuration or a subordinate statement.</summary>
    Statement,

    /// <summary>An entity configuration made for one provider (OIDFed §12.2.1).</summary>
    RegistrationRequest,

    /// <summary>A provider's answer to it (OIDFed §12.2.3).</summary>
    RegistrationResponse,
}
