using System.Text.Json;
using Signet.Jose;

namespace Signet.OAuth.Tokens;

/// <summary>RFC 7800 §3.1: the <c>cnf</c> of a token: the key or certificate whose holder alone may use it.</summary>
/// <param name="KeyThumbprint">RFC 9449 §6.1: <c>jkt</c>, the RFC 7638 thumbprint of the DPoP key.</param>
/// <param name="CertificateThumbprint">RFC 8705 §3.1: <c>x5t#S256</c> of the client's TLS certificate.</param>
public sealed record Confirmation(string? KeyThumbprint, string? CertificateThumbprint)
{
    private const int Sha256Bytes = 32;

    /// <summary>
    /// Reads the <c>cnf</c> of a token's claims; null where there is none. False where it is malformed or has a member that is not understood here: a
    /// token bound in a way we can't check must not pass for a bearer token.
    /// </summary>
    public static bool TryRead(JsonElement claims, out Confirmation? confirmation)
    {
        confirmation = null;
        if (!claims.TryGetProperty("cnf", out var members))
        {
            return true;
        }

        if (members.ValueKind is not JsonValueKind.Object || members.GetPropertyCount() == 0
            || !members.EnumerateObject().All(member => member.Name is "jkt" or "x5t#S256" && IsThumbprint(member.Value)))
        {
            return false;
        }

        confirmation = new(TextOf(members, "jkt"), TextOf(members, "x5t#S256"));
        return true;
    }

    /// <summary>What binds a token; null where nothing does.</summary>
    public static Confirmation? Of(string? keyThumbprint, string? certificateThumbprint) =>
        keyThumbprint is null && certificateThumbprint is null ? null : new(keyThumbprint, certificateThumbprint);

    /// <summary>Whether whoever has shown that may use what is bound to this: everything it names was shown.</summary>
    public bool IsHeldBy(Confirmation? shown) =>
        (KeyThumbprint is null || KeyThumbprint == shown?.KeyThumbprint) && (CertificateThumbprint is null || CertificateThumbprint == shown?.CertificateThumbprint);

    /// <summary>Writes the value of <c>cnf</c>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.Optional("jkt"u8, KeyThumbprint);
        writer.Optional("x5t#S256"u8, CertificateThumbprint);
        writer.WriteEndObject();
    }

    private static bool IsThumbprint(JsonElement value) =>
        value.ValueKind is JsonValueKind.String && StrictBase64Url.TryDecode(value.GetString()) is { Length: Sha256Bytes };

    private static string? TextOf(JsonElement members, string name) => members.TryGetProperty(name, out var value) ? value.GetString() : null;
}
