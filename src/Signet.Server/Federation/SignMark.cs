using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.TrustMarks;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;

namespace Signet.Server.Federation;

/// <summary>Signs a mark and remembers that it did: what has no row was never ours.</summary>
internal static class SignMark
{
    public static byte[] HashOf(string jwt) => SHA256.HashData(Encoding.UTF8.GetBytes(jwt));

    /// <summary>The mark, signed; its row is to follow with <see cref="RememberAsync"/>.</summary>
    public static string Run(MarkIssuer issuer, MarkType type, string subject, DateTimeOffset expires, JsonElement? claims, DateTimeOffset issued) =>
        new TrustMarkDraft
        {
            Issuer = issuer.Id,
            Subject = EntityId.Parse(subject),
            Type = type.Type,
            IssuedAt = issued,
            ExpiresAt = expires,
            LogoUri = type.LogoUri,
            Reference = type.Reference,
            // OIDFed §7.2: whose type has an owner shows its leave, the owner itself too.
            Delegation = type.Owner == issuer.Id.Value ? DelegateMarkType.Sign(issuer, type.Type, issuer.Id, issued, expires) : type.Delegation,
            ExtraClaims = claims,
        }.Sign(issuer.Keys.Signing);

    /// <summary>The end of what is signed now, in the whole seconds a JWT has.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset now, int validHours) => DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).AddHours(validHours);

    public static Task RememberAsync(Tx tx, MarkIssuer issuer, TrustMarkId mark, string jwt, DateTimeOffset expires, CancellationToken ct) =>
        MarkRows.AddJwtAsync(tx, HashOf(jwt), mark, issuer.Keys.Signing.Kid, expires, ct);
}
