namespace Signet.OpenIdFederation;

/// <summary>The entity types of the specification (OIDFed §5.1). Others may be in use; they are text as well.</summary>
public static class EntityTypes
{
    /// <summary>An entity with federation endpoints or contacts of its own; never removed by a constraint (OIDFed §6.2.3).</summary>
    public const string FederationEntity = "federation_entity";

    /// <summary>A relying party of OpenID Connect.</summary>
    public const string OpenIdRelyingParty = "openid_relying_party";

    /// <summary>A provider of OpenID Connect.</summary>
    public const string OpenIdProvider = "openid_provider";

    /// <summary>An OAuth 2.0 authorization server.</summary>
    public const string OAuthAuthorizationServer = "oauth_authorization_server";

    /// <summary>An OAuth 2.0 client.</summary>
    public const string OAuthClient = "oauth_client";

    /// <summary>An OAuth 2.0 protected resource.</summary>
    public const string OAuthResource = "oauth_resource";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [FederationEntity, OpenIdRelyingParty, OpenIdProvider, OAuthAuthorizationServer, OAuthClient, OAuthResource];
}
