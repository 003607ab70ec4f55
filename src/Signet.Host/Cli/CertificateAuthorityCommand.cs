using System.CommandLine;
using System.Globalization;
using Signet.Platform.Data;
using Signet.Server.Agents;

namespace Signet.Host.Cli;

/// <summary><c>signet certificate-authority add|list|remove</c>: whose certificates may stand for agents.</summary>
internal static class CertificateAuthorityCommand
{
    private const int MostBytes = 64 * 1024;

    public static Command Make() => new("certificate-authority", "Whose certificates may stand for agents.") { Add(), List(), Remove() };

    /// <summary>The text of a file of certificates; null without a path. A second value says why it can't be read.</summary>
    public static (string? Pem, string? Fault) ReadPem(string option, string? path)
    {
        if (path is null)
        {
            return (null, null);
        }

        try
        {
            return new FileInfo(path).Length > MostBytes ? (null, $"{option}: is longer than certificates are.") : (File.ReadAllText(path), null);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return (null, $"{option}: {refused.Message}");
        }
    }

    private static Command Add()
    {
        var name = new Option<string>("--name") { Description = "What people see.", Required = true };
        var file = new Option<string>("--certificates") { Description = "PEM file of its root and of those between it and agents' certificates.", Required = true };
        var (tenant, json) = (TenantOption.Make(), Output.JsonOption());
        var command = new Command("add", "Trust a certificate authority for agents.") { name, file, tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var (pem, fault) = ReadPem("--certificates", parsed.GetValue(file));
            if (fault is not null)
            {
                return Output.Fail(fault);
            }

            var request = new ManageAuthorities.Request(parsed.GetValue(name)!, pem!);
            return await host.Get<Db>().InTenantAsync(found.Id, tx => ManageAuthorities.AddAsync(tx, host.Origin, request, token), token) switch
            {
                AuthorityChange.Added added => Print(added.Authority, parsed.GetValue(json)),
                AuthorityChange.Refused refused => Output.Fail(AgentCommand.Describe(refused.Problem)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }, ct));
        return command;
    }

    private static Command List()
    {
        var (tenant, json) = (TenantOption.Make(), Output.JsonOption());
        var command = new Command("list", "List the certificate authorities trusted for agents.") { tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var all = await host.Get<AuthorityDirectory>().ListAsync(found.Id, token);
            if (parsed.GetValue(json))
            {
                Output.Json(all.Select(CertificateAuthorityView.Of));
            }
            else
            {
                Output.Table(
                    all, one => one.Id.ToString(), one => one.Name, one => one.Trusted.Root.Subject,
                    one => one.Trusted.Root.NotAfter.ToString("u", CultureInfo.InvariantCulture));
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command Remove()
    {
        var id = new Argument<string>("authority-id") { Description = "The certificate authority." };
        var tenant = TenantOption.Make();
        var command = new Command("remove", "Trust a certificate authority no more, and revoke every credential that rests on it.") { id, tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!AuthorityId.TryParse(parsed.GetValue(id), null, out var authority))
            {
                return Output.Fail("authority-id: is a UUID.");
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            return await host.Get<Db>().InTenantAsync(found.Id, tx => ManageAuthorities.RemoveAsync(tx, host.Origin, authority, token), token)
                ? 0
                : Output.Fail(AgentProblems.AuthorityNotFound.Title);
        }, ct));
        return command;
    }

    private static int Print(CertificateAuthority authority, bool json)
    {
        if (json)
        {
            Output.Json(CertificateAuthorityView.Of(authority));
            return 0;
        }

        Output.Line($"authority_id  {authority.Id}");
        Output.Line($"root          {authority.Trusted.Root.Subject}");
        Output.Line($"thumbprint    {authority.Trusted.Root.Thumbprint}");
        Output.Line($"ends          {authority.Trusted.Root.NotAfter.ToString("u", CultureInfo.InvariantCulture)}");
        return 0;
    }
}
