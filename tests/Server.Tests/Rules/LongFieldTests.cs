using System.Text.RegularExpressions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Rules;

/// <summary>A field that takes a document is read as one: what a page lets somebody paste is not dropped behind it.</summary>
public sealed partial class LongFieldTests
{
    private const int Short = 4096;

    [Fact]
    public void Fields_that_take_more_than_a_line_are_read_whole()
    {
        var source = Path.Combine(Repository.Root, "src", "Signet.Server");
        var code = string.Join('\n', Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var names = Directory.EnumerateFiles(source, "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => Field().Matches(File.ReadAllText(file)))
            .Where(field => int.TryParse(Most().Match(field.Value).Groups[1].Value, out var most) && most > Short)
            .Select(field => Name().Match(field.Value).Groups[1].Value)
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.True(names.Count >= 3, $"Only {names.Count} were found.");
        Rule.Holds(names.Where(name => !code.Contains($"FormText.Long(form, \"{name}\")", StringComparison.Ordinal) || code.Contains($"FormText.Of(form, \"{name}\")", StringComparison.Ordinal)));
    }

    [GeneratedRegex("<TextAreaField [^>]*>|<TextField [^>]*>")]
    private static partial Regex Field();

    [GeneratedRegex("Maxlength=\"(\\d+)\"")]
    private static partial Regex Most();

    [GeneratedRegex("Name=\"([a-z_]+)\"")]
    private static partial Regex Name();
}
