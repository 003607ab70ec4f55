using System.Text.RegularExpressions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Rules;

/// <summary>Names, sizes and signposts: what keeps the house findable.</summary>
public sealed partial class ShapeTests
{
    private static readonly string[] EmptyWords =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Service", "Processor", "Base", "Impl", "Data", "Info", "Dto"];

    // Words of cryptography and of OpenID Connect: a data key is one under which data are encrypted, userinfo is the endpoint's name (OIDC Core §5.3),
    // and a data table is not one for layout.
    private static readonly string[] Terms = ["DataKey", "UserInfo", "DataTable"];

    private static readonly string[] Outside = ["bin", "obj", "artifacts", "node_modules", ".git", "wwwroot"];

    private static IEnumerable<string> ModuleFolders =>
        Directory.GetDirectories(House.Source("src", "Signet.Server"))
            .Concat(Directory.GetDirectories(House.Source("src", "Signet.Platform")))
            .Where(folder => !Outside.Contains(Path.GetFileName(folder)));

    [Fact]
    public void Type_names_say_something()
    {
        var offences =
            from piece in House.All
            from name in piece.TypeNames
            where !Terms.Any(term => name.Contains(term, StringComparison.Ordinal)) && Word().Matches(name).Any(word => EmptyWords.Contains(word.Value))
            select $"{piece.Namespace}.{name}";

        Rule.Holds(offences);
    }

    [Fact]
    public void Files_are_short_enough_to_read()
    {
        var tooLong = SourceFiles("*.cs").Concat(SourceFiles("*.razor")).Concat(SourceFiles("*.css")).Concat(SourceFiles("*.sql"))
            .Where(file => File.ReadLines(file).Count() > 500)
            .Select(file => Path.GetRelativePath(Repository.Root, file));

        Rule.Holds(tooLong);
    }

    [Fact]
    public void Every_module_says_in_a_short_page_what_it_is_for()
    {
        var offences = ModuleFolders.Concat(House.Protocols.Select(name => House.Source("protocols", name)))
            .Select(folder => (Folder: Path.GetRelativePath(Repository.Root, folder), Page: Path.Combine(folder, "README.md")))
            .Where(module => !File.Exists(module.Page) || File.ReadLines(module.Page).Count() is < 3 or > 60)
            .Select(module => module.Folder);

        Rule.Holds(offences);
    }

    /// <summary>Playwright's wait for an address can wait for ever; <c>WatchedPage.ArriveAtAsync</c> looks instead.</summary>
    [Fact]
    public void No_browser_test_listens_for_an_address() => Rule.Holds(
        Directory.EnumerateFiles(House.Source("tests", "Browser.Tests"), "*.cs")
            .Where(file => File.ReadAllText(file).Contains("WaitForURL", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Repository.Root, file)));

    [Fact]
    public void The_architecture_page_names_every_folder_there_is()
    {
        var named = NamedFolders();

        var unnamed = ModuleFolders
            .Concat(Directory.GetDirectories(House.Source("src")))
            .Concat(Directory.GetDirectories(House.Source("protocols")))
            .Concat(Directory.GetDirectories(House.Source("tests")))
            .Concat(Directory.GetDirectories(Repository.Root).Where(folder => !Path.GetFileName(folder).StartsWith('.')))
            .Select(folder => Path.GetFileName(folder))
            .Where(name => !Outside.Contains(name) && !named.Contains(name));

        Rule.Holds(unnamed);
    }

    [Fact]
    public void Every_folder_the_architecture_page_names_is_there()
    {
        string[][] parents = [[], ["src"], ["protocols"], ["tests"], ["docs"], ["src", "Signet.Server"], ["src", "Signet.Platform"], ["src", "Signet.Host"]];

        var missing = NamedFolders().Where(name => !parents.Any(parent => Directory.Exists(House.Source([.. parent, .. name.Split('/')]))));

        Rule.Holds(missing);
    }

    private static HashSet<string> NamedFolders()
    {
        var tree = File.ReadAllText(House.Source("ARCHITECTURE.md")).Split("```")[1];
        return [.. Folder().Matches(tree).SelectMany(match => (string[])[match.Groups["name"].Value, match.Groups["name"].Value.Split('/')[0]])];
    }

    private static IEnumerable<string> SourceFiles(string pattern) =>
        new[] { "src", "protocols", "tests", "bench", "db" }
            .Select(folder => House.Source(folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(Outside.Contains));

    [GeneratedRegex("[A-Z][a-z0-9]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![\w/])(?<name>[A-Za-z][A-Za-z.0-9]*(/[A-Za-z][A-Za-z.0-9]*)*)/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Folder();
}
