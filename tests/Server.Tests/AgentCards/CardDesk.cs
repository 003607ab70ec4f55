using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Server.Tests.Agents;
using Signet.Testing;
using Xunit;

namespace Server.Tests.AgentCards;

/// <summary>States cards, and reads them as somebody does who has nothing of ours.</summary>
internal sealed class CardDesk(TestSignet signet, string key, string pathBase = "")
{
    /// <summary>A card that is good; <paramref name="change"/> changes its members, null takes one out.</summary>
    public static Dictionary<string, object?> Body(params IEnumerable<(string Name, object? Value)> change)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["published"] = true,
            ["name"] = "Résumé screener",
            ["description"] = "Reads résumés\nand sorts them.",
            ["supportedInterfaces"] = new[] { Of(("url", "https://screener.example/a2a")) },
            ["scopes"] = new[] { "resume:read" },
            ["skills"] = new[] { Skill() },
        };
        foreach (var (name, value) in change)
        {
            body[name] = value;
            if (value is null)
            {
                body.Remove(name);
            }
        }

        return body;
    }

    public static Dictionary<string, object?> Skill(params IEnumerable<(string Name, object? Value)> change)
    {
        var skill = Of(("id", "screen"), ("name", "Screen"), ("description", "Screens one résumé."), ("tags", new[] { "hr" }));
        foreach (var (name, value) in change)
        {
            skill[name] = value;
        }

        return skill;
    }

    public static Dictionary<string, object?> Of(params IEnumerable<(string Name, object? Value)> members) =>
        members.ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);

    public Task<TestAnswer> SetAsync(string agent, object body) => signet.CallAsync(HttpMethod.Put, $"{pathBase}/api/v1/agents/{agent}/card", key, body);

    /// <summary>A new agent whose card anybody may read.</summary>
    public async Task<string> PublishAsync(params IEnumerable<(string Name, object? Value)> change)
    {
        var id = pathBase.Length == 0 ? await new AgentDesk(signet, key).RegisterAsync() : await RegisterBehindPathAsync();
        var answer = await SetAsync(id, Body(change));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return id;
    }

    public Task<TestAnswer> ReadAsync(string agent, TestSignet? node = null, string? tag = null) =>
        GetAsync(node ?? signet, $"{pathBase}/agents/{agent}/.well-known/agent-card.json", tag);

    public Task<TestAnswer> ResolveAsync(string agent, TestSignet? node = null) => GetAsync(node ?? signet, $"{pathBase}/agents/{agent}/did.json", null);

    public Task<TestAnswer> PatchAsync(string agent, object body) => signet.CallAsync(HttpMethod.Patch, $"{pathBase}/api/v1/agents/{agent}", key, body);

    public static Task<TestAnswer> GetAsync(TestSignet node, string path, string? tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, node.At(path));
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        return node.SendAsync(request);
    }

    private async Task<string> RegisterBehindPathAsync()
    {
        var body = TestSignet.AgentBody($"{TestSignet.NewName("agent")}@example.test");
        return (await signet.CallAsync(HttpMethod.Post, $"{pathBase}/api/v1/agents", key, body))["agentId"];
    }

    /// <summary>Verifies a card by A2A §8.4.3, with code that shares nothing with the server's.</summary>
    public static async Task<bool> IsSignedAsync(TestSignet signet, JsonElement card)
    {
        var signature = Assert.Single(card.GetProperty("signatures").EnumerateArray());
        var encoded = signature.GetProperty("protected").GetString()!;
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(encoded));
        Assert.Equal(("ES256", "JOSE"), (header.RootElement.GetProperty("alg").GetString(), header.RootElement.GetProperty("typ").GetString()));
        var keys = await GetAsync(signet, header.RootElement.GetProperty("jku").GetString()!, null);
        var key = keys.Json.GetProperty("keys").EnumerateArray()
            .Single(one => one.GetProperty("kid").GetString() == header.RootElement.GetProperty("kid").GetString());
        var canonical = new StringBuilder();
        Canonicalize(card, canonical, without: "signatures");
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(key.GetProperty("x").GetString()), Y = Base64Url.DecodeFromChars(key.GetProperty("y").GetString()) },
        });
        return ecdsa.VerifyData(
            Encoding.ASCII.GetBytes($"{encoded}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(canonical.ToString()))}"),
            Base64Url.DecodeFromChars(signature.GetProperty("signature").GetString()), HashAlgorithmName.SHA256);
    }

    // RFC 8785 for what is on a card: objects, lists, texts and truth values.
    private static void Canonicalize(JsonElement value, StringBuilder output, string? without = null)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = value.EnumerateObject().Where(member => member.Name != without).OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
                output.Append('{');
                foreach (var member in members)
                {
                    output.Append(member.Name == members[0].Name ? "" : ",");
                    Quote(member.Name, output);
                    output.Append(':');
                    Canonicalize(member.Value, output);
                }

                output.Append('}');
                break;
            case JsonValueKind.Array:
                output.Append('[');
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    output.Append(index == 0 ? "" : ",");
                    Canonicalize(item, output);
                }

                output.Append(']');
                break;
            case JsonValueKind.String:
                Quote(value.GetString()!, output);
                break;
            default:
                output.Append(value.GetRawText());
                break;
        }
    }

    private static void Quote(string text, StringBuilder output)
    {
        output.Append('"');
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' or '\\' => output.Append('\\').Append(letter),
                '\n' => output.Append("\\n"),
                < ' ' => throw new NotSupportedException("No card has this letter."),
                _ => output.Append(letter),
            };
        }

        output.Append('"');
    }
}
