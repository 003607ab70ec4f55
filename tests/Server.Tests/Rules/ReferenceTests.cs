using System.CommandLine;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Server.Tests.BadInput;
using Signet.Host.Cli;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server;
using Signet.Server.Permissions;
using Signet.Server.Settings;
using Xunit;

namespace Server.Tests.Rules;

/// <summary>The reference pages say what the code says. <c>SIGNET_WRITE_REFERENCE=1</c> writes them instead.</summary>
public sealed class ReferenceTests(WholeServer server) : IClassFixture<WholeServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Settings_page_is_current() => HoldAsync("settings.md", "Settings",
        "Read from the environment, or from the file that `NAME_FILE` names; `signet check` prints them with their sources. A secret is never printed.",
        Table(["Setting", "Without it", "What it is", "Secret"], KnownSettings.All.Select(setting =>
            (string[])[Code(setting.Name), Code(setting.Fallback), setting.Help, setting.Secret ? "yes" : ""])));

    [Fact]
    public Task Api_page_is_current() => HoldAsync("api.md", "Addresses",
        "The management API in full is described at `/api/openapi.json`. A permission is held by a role or an API key's scopes.",
        "## Management\n\n"
        + Table(["Method", "Path", "Permission", "What it does"], RoutesOf(RouteFamily.Management).Select(route =>
            (string[])[route.Method, Code(route.Path), PermissionOf(route.Endpoint), route.Endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? ""]))
        + "\n## OAuth 2.0 and OpenID Connect\n\n" + Paths(RouteFamily.Protocol)
        + "\n## Pages\n\n" + Paths(RouteFamily.Interaction)
        + "\n## Probes\n\n" + Paths(RouteFamily.Probe));

    [Fact]
    public Task Commands_page_is_current()
    {
        var text = new StringBuilder();
        Describe(CommandTree.Make(), "signet", text);
        return HoldAsync("cli.md", "Commands", "Every command takes `--data`; options that repeat settings win over them.", text.ToString());
    }

    [Fact]
    public Task Events_page_is_current() => HoldAsync("events.md", "Events",
        "What can stand in the audit record. Fields with a star are about a person, encrypted under that person's key, and gone when it is erased.",
        Table(["Action", "Fields"], EventTypes.All.Select(type => (string[])[Code(EventTypes.Blank(type).Action), FieldsOf(type)]).OrderBy(row => row[0], StringComparer.Ordinal)));

    [Fact]
    public Task Metrics_page_is_current() => HoldAsync("metrics.md", "Metrics",
        "At `/metrics` in the Prometheus text format; over OTLP where a collector is configured.",
        Table(["Name", "Kind", "What it tells"], ListInstruments().Select(instrument =>
            (string[])[Code(instrument.Name), KindOf(instrument), instrument.Description ?? ""])));

    [Fact]
    public Task Errors_page_is_current() => HoldAsync("errors.md", "Errors",
        "`code` of an `application/problem+json` answer (RFC 9457). Codes stay; titles may be reworded.",
        Table(["Code", "Status", "Titles"], ListProblems().GroupBy(problem => problem.Code).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
            (string[])[
                Code(group.Key),
                string.Join(", ", group.Select(problem => problem.Status).Distinct().Order()),
                string.Join(" ", group.Select(problem => problem.Title).Distinct().Order(StringComparer.Ordinal))])));

    private static async Task HoldAsync(string file, string title, string introduction, string body)
    {
        var path = House.Source("docs", "reference", file);
        var text = $"# {title}\n\n{introduction}\n\n{body.TrimEnd()}\n";
        if (Environment.GetEnvironmentVariable("SIGNET_WRITE_REFERENCE") is { Length: > 0 })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, Ct);
        }

        Assert.Equal(text, File.Exists(path) ? await File.ReadAllTextAsync(path, Ct) : "");
    }

    private IEnumerable<(string Method, string Path, RouteEndpoint Endpoint)> RoutesOf(RouteFamily family) =>
        from endpoint in server.Endpoints
        where endpoint.Metadata.GetMetadata<RouteFamily>() == family
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        orderby path, method
        select (method, path, endpoint);

    private string Paths(RouteFamily family) =>
        Table(["Path", "Methods"], RoutesOf(family).GroupBy(route => route.Path).Select(group =>
            (string[])[Code(group.Key), string.Join(", ", group.Select(route => route.Method).Distinct())]));

    private static string PermissionOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<Requirement>() is { Permission: { } permission } ? Code(SnakeCase.Of(permission)) : "none";

    private static void Describe(Command command, string name, StringBuilder text)
    {
        if (command.Subcommands.Count == 0)
        {
            text.Append($"## {name}\n\n{command.Description}\n\n");
            var rows = command.Arguments.Select(argument => (string[])[Code($"<{argument.Name}>"), argument.Description ?? "", "yes"])
                .Concat(command.Options.Where(option => !option.Hidden && option is not System.CommandLine.Help.HelpOption)
                    .Select(option => (string[])[Code(option.Name), option.Description ?? "", option.Required ? "yes" : ""]))
                .ToList();
            text.Append(rows.Count > 0 ? Table(["Option", "What it is", "Required"], rows) + "\n" : "");
        }

        foreach (var child in command.Subcommands)
        {
            Describe(child, $"{name} {child.Name}", text);
        }
    }

    private static string FieldsOf(Type type) => string.Join(", ", type.GetProperties()
        .Where(property => property.Name is not (nameof(DomainEvent.Action) or nameof(DomainEvent.Outcome) or nameof(DomainEvent.Target) or nameof(DomainEvent.Subject)))
        .Select(property => Code(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)) + (property.GetCustomAttribute<PersonalAttribute>() is null ? "" : "\\*"))
        .Order(StringComparer.Ordinal));

    // Instruments appear when somebody makes what holds them: so all of it is made.
    private List<Instrument> ListInstruments()
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => found.Add(instrument) };
        listener.Start();
        foreach (var type in typeof(Modules).Assembly.GetTypes().Concat(typeof(Db).Assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Metrics", StringComparison.Ordinal) || type.Name.EndsWith("Counts", StringComparison.Ordinal)))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            _ = type is { IsAbstract: false, ContainsGenericParameters: false } ? server.Services.GetService(type) : null;
        }

        return [.. found.Where(instrument => instrument.Name.StartsWith("signet_", StringComparison.Ordinal)).DistinctBy(instrument => instrument.Name).OrderBy(instrument => instrument.Name, StringComparer.Ordinal)];
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        var kind when kind.Contains("Counter", StringComparison.Ordinal) && !kind.Contains("UpDown", StringComparison.Ordinal) => "counter",
        "Histogram" => "histogram",
        _ => "gauge",
    };

    private static IEnumerable<Problem> ListProblems()
    {
        const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var type in typeof(Modules).Assembly.GetTypes().Concat(typeof(Db).Assembly.GetTypes()).Where(type => type.Name.EndsWith("Problems", StringComparison.Ordinal)))
        {
            foreach (var field in type.GetFields(Statics).Where(field => field.FieldType == typeof(Problem)))
            {
                yield return (Problem)field.GetValue(null)!;
            }

            // Those that tell a circumstance; which one changes neither code nor title.
            foreach (var method in type.GetMethods(Statics).Where(method => method.ReturnType == typeof(Problem) && method.GetParameters().All(p => p.ParameterType == typeof(string))))
            {
                yield return (Problem)method.Invoke(null, [.. method.GetParameters().Select(_ => "")])!;
            }
        }
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text}`";

    private static string Table(string[] heads, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder().Append($"| {string.Join(" | ", heads)} |\n|{string.Concat(heads.Select(_ => "---|"))}\n");
        foreach (var row in rows)
        {
            text.Append($"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")))} |\n");
        }

        return text.ToString();
    }
}
