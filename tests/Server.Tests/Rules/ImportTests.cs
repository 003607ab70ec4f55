using System.Text.RegularExpressions;
using Xunit;

namespace Server.Tests.Rules;

/// <summary>Imports point down: modules on lower levels, and of the same level only those named before.</summary>
public sealed partial class ImportTests
{
    private static readonly string[] InOrder = [.. House.Levels.SelectMany(level => level)];

    // Signet.Server itself holds the composition and the families of routes, which every module may name; they in turn may name every module.
    private static IEnumerable<Piece> OfModules => House.Assembly("Signet.Server").Where(piece => ModuleOf(piece).Length > 0);

    [Fact]
    public void Every_module_has_its_place_and_every_place_a_module() =>
        Assert.Equal(InOrder.Order(), OfModules.Select(ModuleOf).Distinct().Order());

    [Fact]
    public void The_composition_lists_modules_in_the_order_of_their_levels()
    {
        var listed = Added().Matches(File.ReadAllText(House.Source("src", "Signet.Server", "Modules.cs")))
            .Select(match => match.Groups["module"].Value)
            .Where(InOrder.Contains)
            .ToList();

        Assert.NotEmpty(listed);
        Assert.Equal(InOrder.Where(listed.Contains), listed);
    }

    [Fact]
    public void Modules_import_only_what_stands_before_them()
    {
        var offences =
            from piece in OfModules
            from used in piece.Uses
            let other = House.ModuleOf(used.Namespace, "Signet.Server")
            where used.Member.Length == 0 && Array.IndexOf(InOrder, other) > Array.IndexOf(InOrder, ModuleOf(piece))
            select $"{piece.FullName} uses {used.Namespace}.{used.Name}";

        Rule.Holds(offences);
    }

    [Fact]
    public void Sub_namespaces_of_a_module_are_its_own()
    {
        var offences =
            from piece in House.All
            from used in piece.Uses
            where used.Member.Length == 0 && IsInner(used.Namespace) && Owner(used.Namespace) != Owner(piece.Namespace)
            select $"{piece.FullName} uses {used.Namespace}.{used.Name}";

        Rule.Holds(offences);
    }

    [Fact]
    public void Protocols_know_neither_web_nor_database_nor_composition_nor_clock()
    {
        string[] foreign = ["Microsoft.AspNetCore", "Microsoft.Extensions", "Npgsql", "System.Net.Http", "System.Net.Sockets", "Signet.Platform", "Signet.Server"];

        var offences =
            from name in House.Protocols
            from piece in House.Assembly(name)
            from used in piece.Uses
            where foreign.Any(root => used.Namespace == root || used.Namespace.StartsWith($"{root}.", StringComparison.Ordinal))
                || used is ("System", "TimeProvider", _) or ("System", "DateTime" or "DateTimeOffset", "get_UtcNow" or "get_Now")
            select $"{piece.FullName} uses {used.Namespace}.{used.Name}";

        Rule.Holds(offences);
    }

    [Fact]
    public void The_platform_knows_no_domain()
    {
        var offences =
            from piece in House.Assembly("Signet.Platform")
            from used in piece.Uses
            where used.Namespace.StartsWith("Signet.", StringComparison.Ordinal) && !used.Namespace.StartsWith("Signet.Platform", StringComparison.Ordinal)
            select $"{piece.FullName} uses {used.Namespace}.{used.Name}";

        Rule.Holds(offences);
    }

    [Fact]
    public void Nothing_but_the_host_knows_the_host() =>
        Assert.DoesNotContain(
            House.Assembly("Signet.Server").Concat(House.Assembly("Signet.Platform")).SelectMany(piece => piece.Uses),
            used => used.Namespace.StartsWith("Signet.Host", StringComparison.Ordinal));

    private static string ModuleOf(Piece piece) => House.ModuleOf(piece.Namespace, "Signet.Server");

    private static bool IsInner(string @namespace) => @namespace.Split('.') is ["Signet", "Server" or "Platform", _, _, ..];

    // The platform is one piece: its upkeep sweeps the tables of all its folders.
    private static string Owner(string @namespace) =>
        @namespace.StartsWith("Signet.Platform", StringComparison.Ordinal) ? "Signet.Platform" : string.Join('.', @namespace.Split('.').Take(3));

    [GeneratedRegex(@"^        services\.Add(?<module>\w+)\(\);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Added();
}
