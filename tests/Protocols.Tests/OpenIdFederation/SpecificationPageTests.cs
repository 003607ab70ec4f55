using System.Text.RegularExpressions;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>docs/specs/openid-federation.md names tests that exist, and leaves none of the numbered points out.</summary>
public sealed partial class SpecificationPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Jose.Vectors.Root(), "docs", "specs", "openid-federation.md"));

    [Fact]
    public void Every_test_the_page_names_is_there()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Jose.Vectors.Root(), "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

        foreach (var line in Page.Split('\n').Where(line => line.StartsWith('|')))
        {
            var source = "";
            foreach (var name in Quoted().Matches(line.Split('|')[^2]).Select(match => match.Groups["name"].Value).Where(name => name.Contains('_', StringComparison.Ordinal) || name.Contains("Tests", StringComparison.Ordinal)))
            {
                // A name without a class is a test of the class named before it in the same cell.
                var parts = name.Split('.');
                source = name.Contains("Tests", StringComparison.Ordinal) ? string.Concat(sources[parts[0]]) : source;
                Assert.True(source.Length > 0, $"No file of the class in {name}.");
                Assert.True(parts[^1].EndsWith("Tests", StringComparison.Ordinal) || source.Contains($" {parts[^1]}(", StringComparison.Ordinal), $"No test {name}.");
            }
        }
    }

    [Fact]
    public void The_page_has_every_point_and_every_module()
    {
        Assert.Equal(Enumerable.Range(1, 26), Point().Matches(Page).Select(match => int.Parse(match.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(38, Module().Matches(Page).Select(match => match.Value).Distinct(StringComparer.Ordinal).Count());
    }

    [GeneratedRegex("`(?<name>[A-Za-z0-9_.]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| (?<number>\d+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Point();

    [GeneratedRegex(@"^\| `openid-federation-[a-z-]+`", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Module();
}
