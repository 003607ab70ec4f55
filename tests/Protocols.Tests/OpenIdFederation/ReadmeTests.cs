using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>The example of the package's page is the one below: compiled, and run.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_example_finds_the_leafs_metadata()
    {
        var (federation, _, _, _, anchor) = Federation.Line();

        var said = await ExampleAsync(federation, JsonElement.Parse("{\"keys\":[" + System.Text.Encoding.UTF8.GetString(anchor.Key.PublicKey.ToUtf8Json()) + "]}"), Federation.Now, TestContext.Current.CancellationToken);

        Assert.StartsWith("https://leaf.example.com < https://lower.example.com < https://upper.example.com < https://anchor.example.org", said, StringComparison.Ordinal);
        Assert.EndsWith("Leaf", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_the_example_as_it_is_here()
    {
        var source = File.ReadAllLines(Path.Combine(Jose.Vectors.Root(), "tests", "Protocols.Tests", "OpenIdFederation", "ReadmeTests.cs"));
        var example = source.SkipWhile(line => !line.EndsWith("// <example>", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.EndsWith("// </example>", StringComparison.Ordinal)).Select(line => line.Length > 8 ? line[8..] : "").ToArray();
        var page = File.ReadAllText(Path.Combine(Jose.Vectors.Root(), "protocols", "Signet.OpenIdFederation", "README.md"));

        Assert.InRange(example.Length, 15, 20);
        Assert.Contains("```csharp\n" + string.Join('\n', example) + "\n```", page, StringComparison.Ordinal);
    }

    private static async Task<string> ExampleAsync(IStatementFetcher fetcher, JsonElement pinnedKeys, DateTimeOffset now, CancellationToken ct)
    {
        // <example>
        // The anchor's keys come from its operator, on a way of their own; what it publishes must be signed with them.
        var anchor = new TrustAnchor(
            EntityId.Parse("https://anchor.example.org"),
            FederationKeys.TryParse(pinnedKeys, out var fault) ?? throw new InvalidOperationException(fault!.Detail));
        var builder = new TrustChainBuilder(fetcher, FederationRules.Standard);

        switch (await builder.FindAsync(EntityId.Parse("https://leaf.example.com"), [anchor], now, ct))
        {
            case ChainSearch.Found(var chain):
                var client = chain.Metadata.GetProperty(EntityTypes.OpenIdRelyingParty);
                return $"{string.Join(" < ", chain.Path)} until {chain.ExpiresAt:u}: {client.GetProperty("client_name")}";
            case ChainSearch.Unavailable(_, var retryAfter):
                return $"ask again in {retryAfter ?? TimeSpan.FromSeconds(10)}";
            case ChainSearch.NotFound(var faults):
                return string.Join('\n', faults.Select(reason => reason.Detail));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
        // </example>
    }
}
