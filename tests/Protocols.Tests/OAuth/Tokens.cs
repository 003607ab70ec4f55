using System.Text;
using System.Text.Json.Nodes;
using Signet.Jose;

namespace Protocols.Tests.OAuth;

/// <summary>Tokens whose header and claims a test can alter at will, and still sign.</summary>
internal static class Tokens
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    /// <summary>Signs exactly this header and these claims; the header may contradict the key.</summary>
    public static string Sign(SigningKey key, JsonObject header, JsonObject claims)
    {
        var input = $"{Encode(header)}.{Encode(claims)}";
        return $"{input}.{StrictBase64Url.Encode(key.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>Replaces a member by this JSON, or takes it away when null.</summary>
    public static void Alter(this JsonObject members, string name, string? json)
    {
        members.Remove(name);
        if (json is not null)
        {
            members[name] = JsonNode.Parse(json);
        }
    }

    private static string Encode(JsonObject members) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(members.ToJsonString()));
}
