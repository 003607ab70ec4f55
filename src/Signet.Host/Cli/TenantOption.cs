using System.CommandLine;
using Signet.Server.Tenants;

namespace Signet.Host.Cli;

/// <summary><c>--tenant</c>, which most commands have.</summary>
internal static class TenantOption
{
    public static Option<string> Make() => new("--tenant") { Description = "The tenant's name.", DefaultValueFactory = _ => "default" };

    public static async Task<Tenant?> FindAsync(CommandHost host, string slug, CancellationToken ct) =>
        await host.Get<TenantDirectory>().FindBySlugAsync(slug, ct);

    public static int Unknown(string slug) => Output.Fail($"--tenant: there is no tenant called {slug}.");
}
