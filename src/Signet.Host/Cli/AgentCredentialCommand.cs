using System.CommandLine;
using Signet.Platform.Data;
using Signet.Server.Agents;

namespace Signet.Host.Cli;

/// <summary><c>signet agent credential …</c>: how agents show who they are. A secret is printed once.</summary>
internal static class AgentCredentialCommand
{
    private const int MostDays = 3650;

    private static readonly (string Option, string Description)[] CertificateNames =
    [
        ("--subject-dn", "The whole subject of its certificates, such as CN=worker,O=Example."), ("--san-dns", "A host name among their alternative names."),
        ("--san-uri", "A URI among them, such as a SPIFFE ID."), ("--san-ip", "An IP address among them."), ("--san-email", "A mail address among them."),
    ];

    public static Command Make() => new("credential", "Credentials of an agent.") { Generate(), List(), Rotate(), Revoke() };

    private static Command Generate()
    {
        var days = new Option<int?>("--expires-in-days") { Description = "1 to 3650; left out: until it is revoked." };
        var file = new Option<string?>("--certificate") { Description = "PEM file of a certificate the agent shows in TLS; left out: a secret is made." };
        var thumbprint = new Option<string?>("--thumbprint") { Description = "x5t#S256 of such a certificate instead." };
        var authority = new Option<string?>("--authority") { Description = "Id of the certificate authority that issues them, with one of the names that follow." };
        var names = CertificateNames.Select(name => new Option<string?>(name.Option) { Description = name.Description }).ToArray();
        return Command("generate", "Give an agent a further credential.", null, [days, file, thumbprint, authority, .. names], async (parsed, host, tenant, agent, _, ct) =>
        {
            if (parsed.GetValue(days) is < 1 or > MostDays)
            {
                return Output.Fail("--expires-in-days: is to be 1 to 3650.");
            }

            AuthorityId? issuer = AuthorityId.TryParse(parsed.GetValue(authority), null, out var id) ? id : null;
            if (issuer is null && parsed.GetValue(authority) is not null)
            {
                return Output.Fail("--authority: is a UUID.");
            }

            var (pem, fault) = CertificateAuthorityCommand.ReadPem("--certificate", parsed.GetValue(file));
            if (fault is not null)
            {
                return Output.Fail(fault);
            }

            var named = names.Select(parsed.GetValue).ToArray();
            var wish = new CertificateWish(
                pem, parsed.GetValue(thumbprint), issuer, named[0], named[1], named[2], named[3], named[4]);
            DateTimeOffset? end = parsed.GetValue(days) is { } number ? host.Get<TimeProvider>().GetUtcNow().AddDays(number) : null;
            return Print(parsed, await host.Get<MakeCredential>().RunAsync(
                tenant, host.Origin, null, agent,
                wish == new CertificateWish() ? new ManageCredentials.Wish(end) : new ManageCredentials.Wish(end, CredentialKind.Certificate, Certificate: wish), ct));
        });
    }

    private static Command List() => Command("list", "List the credentials of an agent.", null, [], async (parsed, host, tenant, agent, _, ct) =>
    {
        if (await host.Get<Db>().InTenantAsync(tenant, tx => ManageCredentials.FindAllAsync(tx, agent, ct), ct) is not { } all)
        {
            return Output.Fail(AgentProblems.NotFound.Title);
        }

        if (IsJson(parsed))
        {
            Output.Json(all.Select(credential => CredentialView.Of(agent, credential)));
            return 0;
        }

        foreach (var credential in all)
        {
            Output.Line($"{credential.Id}  {SnakeCase.Of(credential.State),-7}  {credential.Hint}{(credential.Kind is CredentialKind.ClientSecret ? "…" : "")}  {(credential.ExpiresAt is { } end ? $"until {end:O}" : "")}".TrimEnd());
        }

        return 0;
    });

    private static Command Rotate()
    {
        var grace = new Option<int>("--grace-seconds") { Description = "0 to 604800: how long the old secret still holds.", DefaultValueFactory = _ => 0 };
        return Command("rotate", "Give a credential a new secret; its tokens live on.", CredentialArgument(), [grace], async (parsed, host, tenant, agent, credential, ct) =>
            ManageCredentials.RefuseGrace(parsed.GetValue(grace)) is not null
                ? Output.Fail("--grace-seconds: is to be 0 to 604800.")
                : Print(parsed, await host.Get<RotateCredential>().RunAsync(
                    tenant, host.Origin, null, agent, credential, TimeSpan.FromSeconds(parsed.GetValue(grace)), ct)));
    }

    private static Command Revoke() => Command("revoke", "Revoke a credential and every token it got.", CredentialArgument(), [], async (parsed, host, tenant, agent, credential, ct) =>
        Print(parsed, await host.Get<Db>().InTenantAsync(tenant, tx => ManageCredentials.RevokeAsync(tx, host.Origin, agent, credential, ct), ct)));

    private static Argument<string> CredentialArgument() => new("credential-id") { Description = "The credential." };

    private static Command Command(
        string name, string description, Argument<string>? credential, Option[] options,
        Func<ParseResult, CommandHost, TenantId, AgentId, CredentialId, CancellationToken, Task<int>> run)
    {
        var agent = new Argument<string>("agent-id") { Description = "The agent." };
        var tenant = TenantOption.Make();
        var command = new Command(name, description) { agent };
        if (credential is not null)
        {
            command.Add(credential);
        }

        foreach (var option in (Option[])[.. options, tenant, Output.JsonOption()])
        {
            command.Add(option);
        }

        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!AgentId.TryParse(parsed.GetValue(agent), null, out var id))
            {
                return Output.Fail("agent-id: is a UUID.");
            }

            var secret = default(CredentialId);
            if (credential is not null && !CredentialId.TryParse(parsed.GetValue(credential), null, out secret))
            {
                return Output.Fail("credential-id: is a UUID.");
            }

            return await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is { } found
                ? await run(parsed, host, found.Id, id, secret, token)
                : TenantOption.Unknown(parsed.GetValue(tenant)!);
        }, ct));
        return command;
    }

    private static int Print(ParseResult parsed, CredentialChange change)
    {
        switch (change)
        {
            case CredentialChange.Refused refused:
                return Output.Fail(AgentCommand.Describe(refused.Problem));
            case CredentialChange.Shown { Credential: var shown } when IsJson(parsed):
                Output.Json(new { shown.Credential.CredentialId, shown.Credential.ClientId, shown.ClientSecret, shown.Credential.ExpiresAt });
                return 0;
            case CredentialChange.Shown { Credential: var shown }:
                Output.Line($"credential_id  {shown.Credential.CredentialId}");
                if (shown.ClientSecret is { } secret)
                {
                    Output.Line($"client_secret  {secret}");
                    Output.Line("The secret is not shown again.");
                }
                else if (shown.Credential.ExpiresAt is { } end)
                {
                    Output.Line($"expires_at     {end:O}");
                }

                return 0;
            default:
                return 0;
        }
    }

    private static bool IsJson(ParseResult parsed) => parsed.GetValue<bool>("--json");
}
