namespace Signet.OAuth.Tokens;

/// <summary>The grants beyond RFC 6749 that a server serves. One it does not name is unsupported, however well formed its request.</summary>
[Flags]
public enum ExtensionGrants
{
    /// <summary>No others.</summary>
    None = 0,

    /// <summary>RFC 8693 §2.1: <c>urn:ietf:params:oauth:grant-type:token-exchange</c></summary>
    TokenExchange = 1,

    /// <summary>RFC 7523 §2.1: <c>urn:ietf:params:oauth:grant-type:jwt-bearer</c></summary>
    JwtBearer = 2,

    /// <summary>CIBA Core §10.1: <c>urn:openid:params:grant-type:ciba</c></summary>
    Ciba = 4,
}
