using System.Text.Json.Serialization;
using Signet.OAuth.MutualTls;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Agents.Storage;

namespace Signet.Server.Agents;

/// <summary>An issuer of certificates that a tenant trusts for its agents.</summary>
[JsonConverter(typeof(TypedIdJson<AuthorityId>))]
public readonly record struct AuthorityId(Guid Value) : ITypedId<AuthorityId>
{
    public static AuthorityId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out AuthorityId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}

/// <summary>An issuer of certificates, which says nothing by itself: a credential names it, and the one name of the agent in what it issues.</summary>
public sealed record CertificateAuthority(AuthorityId Id, string Name, TrustedAuthority Trusted, DateTimeOffset CreatedAt);

/// <summary>An authority on the wire.</summary>
/// <param name="Subject">Of its root.</param>
/// <param name="Thumbprint">Of its root: <c>x5t#S256</c>.</param>
/// <param name="Certificates">How many it has, root included.</param>
/// <param name="ExpiresAt">The end of its root; from then on no certificate of it does.</param>
public sealed record CertificateAuthorityView(
    [property: JsonPropertyName("authorityId")] AuthorityId AuthorityId,
    string Name,
    string Subject,
    string Thumbprint,
    int Certificates,
    [property: JsonPropertyName("expiresAt")] DateTimeOffset ExpiresAt,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt)
{
    public static CertificateAuthorityView Of(CertificateAuthority authority) => new(
        authority.Id, authority.Name, authority.Trusted.Root.Subject, authority.Trusted.Root.Thumbprint, authority.Trusted.Certificates.Count,
        authority.Trusted.Root.NotAfter, authority.CreatedAt);
}

/// <summary>Finds authorities, from this node's copy, which goes the moment one of them does.</summary>
public sealed class AuthorityDirectory(Db db, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "certificate_authorities";

    private readonly NodeCache<(TenantId Tenant, AuthorityId Id), CertificateAuthority?> byId =
        new(Topic, key => key.Id.ToString(), new NodeCacheOptions(1_000), notifications, time);

    /// <summary>Null where the tenant has no such authority.</summary>
    public ValueTask<CertificateAuthority?> FindAsync(TenantId tenant, AuthorityId id, CancellationToken ct) => byId.GetAsync(
        (tenant, id), (key, token) => db.InTenantAsync(key.Tenant, async tx => (await AuthorityRows.FindAsync(tx, key.Id, token))?.ToAuthority(), token), ct);

    /// <summary>Newest first; a tenant has few.</summary>
    public Task<IReadOnlyList<CertificateAuthority>> ListAsync(TenantId tenant, CancellationToken ct) => db.InTenantAsync<IReadOnlyList<CertificateAuthority>>(
        tenant, async tx => [.. (await AuthorityRows.ListAsync(tx, ct)).Select(row => row.ToAuthority())], ct);
}
