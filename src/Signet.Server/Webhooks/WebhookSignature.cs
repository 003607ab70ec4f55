using System.Security.Cryptography;
using System.Text;

namespace Signet.Server.Webhooks;

/// <summary>
/// The header by which a receiver knows that a body is ours and new: <c>t=&lt;unix seconds&gt;,v1=&lt;hex&gt;</c>, one <c>v1</c> a secret that holds, each
/// HMAC-SHA-256 under the secret's text over <c>&lt;t&gt;.&lt;body&gt;</c>.
/// </summary>
public static class WebhookSignature
{
    public const string Header = "Signet-Signature";

    public static string Of(IReadOnlyList<string> secrets, DateTimeOffset at, string body)
    {
        var time = at.ToUnixTimeSeconds();
        var signed = Encoding.UTF8.GetBytes($"{time}.{body}");
        return $"t={time}{string.Concat(secrets.Select(secret => $",v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}"))}";
    }
}
