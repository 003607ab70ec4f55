using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;
using Signet.Server.AgentCards;
using Signet.Server.Agents;
using Signet.Server.Approvals;
using Signet.Server.Audit;
using Signet.Server.Clients;
using Signet.Server.Console;
using Signet.Server.Federation;
using Signet.Server.Federation.Storage;
using Signet.Server.Governance;
using Signet.Server.Keys;
using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Setup;
using Signet.Server.Tenants;
using Signet.Server.Users;
using Signet.Server.Webhooks;
using Signet.Server.Workloads;
using Signet.Testing;
using Xunit;

namespace Server.Tests.BadInput;

/// <summary>What a route is played on: the owner signed in anew, and a thing of the kind its path names, which it may change or destroy.</summary>
/// <param name="Cookie">Session and browser of the owner.</param>
/// <param name="ApiKey">Of the owner, with every permission.</param>
/// <param name="Id">Of the thing.</param>
/// <param name="Confirmation">What a person types before it is destroyed.</param>
/// <param name="Waiting">An authorization request that waits for the owner's consent; empty where the route does not read one.</param>
/// <param name="Part">Of the part of the thing that a path may name after it: an agent's credential, or its approval; how an agent shows itself.</param>
internal sealed record Scene(string Cookie, string ApiKey, string Id, string Confirmation, string Waiting, string Part)
{
    public static readonly Scene Empty = new("", "", "x", "", "", "x");
}

/// <param name="Confirmation">What a person types before it is destroyed.</param>
internal sealed record Thing(string Id, string Confirmation = "", string Part = "x");

/// <param name="ApiKey">With every permission.</param>
internal sealed record Lead(User User, string ApiKey);

/// <summary>Sets scenes. Unknown kinds of things get an id that nothing has, so that a new route is played on from its first day.</summary>
internal sealed class Stage(WholeServer server)
{
    private static readonly Origin Tester = Origin.OfOperator("test", RequestId());
    private static int last;

    /// <summary>Of the owner, from a whole code flow; none of them is used up by being looked at.</summary>
    public string AccessToken { get; private set; } = "";

    /// <summary>Another, for those who revoke it.</summary>
    public string SpareToken { get; private set; } = "";

    public string IdToken { get; private set; } = "";

    public string RefreshToken { get; private set; } = "";

    public string SetupToken { get; private set; } = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A word nobody had yet; fit for a slug.</summary>
    public static string NewWord() => $"w{Interlocked.Increment(ref last)}";

    /// <summary>A type of trust mark, of which <see cref="GoodValues.Marked"/> has one.</summary>
    public string MarkType { get; private set; } = "";

    /// <summary>Of one that is vouched for, its entity identifier.</summary>
    public string Subordinate { get; private set; } = "";

    public async Task OpenAsync()
    {
        Assert.IsType<EntityChange.Done>(await Of<ChangeEntity>().RunAsync(server.Tenant, Tester, new FederationSettings { Enabled = true }, null, Ct));
        Subordinate = (await MakeSubordinateAsync()).Confirmation;
        MarkType = (await MakeMarkAsync(GoodValues.Marked)).Confirmation;
        await Of<SealAudit>().RunAsync(Ct);
        SetupToken = (await server.Services.GetRequiredService<SetupToken>().FindAsync(Ct))!;
        using var tokens = await ObtainTokensAsync();
        AccessToken = tokens.RootElement.GetProperty("access_token").GetString()!;
        IdToken = tokens.RootElement.GetProperty("id_token").GetString()!;
        RefreshToken = tokens.RootElement.GetProperty("refresh_token").GetString()!;
        using var others = await ObtainTokensAsync();
        SpareToken = others.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>An owner of a route's own, who may be signed out of everything and takes nobody along.</summary>
    public async Task<Lead> MakeOwnerAsync()
    {
        var email = EmailAddress.TryParse($"{NewWord()}@example.test")!.Value;
        var add = Of<AddUser>();
        return await InTenantAsync(async tx =>
        {
            var owner = (await add.RunAsync(tx, Tester, email, true, "Owner", Ct))!;
            await AssignRole.RunAsync(tx, Tester, owner.Id.Value, Role.Owner, Ct);
            var key = await CreateApiKey.RunAsync(tx, Tester, Hash, owner.Id.Value, new(NewWord(), Enum.GetValues<Permission>()), Ct);
            return new Lead(owner, key.Secret);
        });
    }

    private async Task<JsonDocument> ObtainTokensAsync()
    {
        var cookie = await SignInAsync(server.Owner);
        var verifier = TestSignet.NewVerifier();
        var consent = await AuthorizeAsync(cookie, verifier);
        using var form = new FormUrlEncodedContent([new("decision", "allow"), new("_token", server.Browser.Field)]);
        using var allow = new HttpRequestMessage(HttpMethod.Post, new Uri(consent, UriKind.Relative)) { Content = form, Headers = { { "Cookie", cookie } } };
        using var allowed = await server.Client.SendAsync(allow, Ct);
        var code = TestAnswer.ParameterOf(allowed.Headers.Location!.OriginalString, "code")!;
        using var redemption = new FormUrlEncodedContent(
            [new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", GoodValues.RedirectUri), new("code_verifier", verifier)]);
        using var redeem = new HttpRequestMessage(HttpMethod.Post, new Uri("/oauth2/token", UriKind.Relative)) { Content = redemption, Headers = { Authorization = server.Application } };
        using var redeemed = await server.Client.SendAsync(redeem, Ct);
        return JsonDocument.Parse(await redeemed.Content.ReadAsStringAsync(Ct));
    }

    public async Task<Scene> SetAsync(Route route, Lead lead)
    {
        if (route.Family is null or { NeedsTenant: false })
        {
            return Scene.Empty;
        }

        var cookie = await SignInAsync(lead.User);
        var thing = route.Template.EndsWith("/{approval}", StringComparison.Ordinal)
            ? await MakeAgentWithApprovalAsync(lead.User)
            : await MakeAsync(route.Kind, lead.User);
        if (route.Template == "/setup")
        {
            await TestCluster.AdministerAsync("update signet.setup set completed_at = null", server.Database);
        }

        if (route.Kind is "tenants" && route.Template.EndsWith("/resume", StringComparison.Ordinal))
        {
            await ChangeTenantState.RunAsync(Of<Db>(), Tester, thing.Id, TenantState.Suspended, Ct);
        }

        if (IsOfCard(route))
        {
            var card = new SetCard.Request("Somebody", "x", [new CardInterface("https://agent.example.test/")], [new CardSkill("x", "x", "x", ["x"])], ["agents:read"]);
            await Of<SetCard>().RunAsync(server.Tenant.Id, Tester, AgentId.From(Guid.Parse(thing.Id)), card.ToContent(), published: true, Ct);
        }

        var waiting = route.Template.EndsWith("/consent", StringComparison.Ordinal)
            ? TestAnswer.ParameterOf(await AuthorizeAsync(cookie, TestSignet.NewVerifier()), "request")!
            : "";
        // Who stops all agents of a person types the person.
        var confirmation = route.Kind is "agents" && route.Template.EndsWith("/{id}/kill-switch", StringComparison.Ordinal) ? lead.User.Email.Value : thing.Confirmation;
        return new Scene(cookie, lead.ApiKey, thing.Id, confirmation, waiting, thing.Part);
    }

    // Where there is nothing to show, nothing can be spoiled.
    private static bool IsOfCard(Route route) =>
        route.Template.Contains("/agents/{id}/card", StringComparison.Ordinal) || route.Template.StartsWith("/agents/", StringComparison.Ordinal);

    // Ours, so that it can be delegated.
    private async Task<Thing> MakeMarkTypeAsync()
    {
        var us = (await Of<FederationDirectory>().FindAsync(server.Tenant, Ct))!.Id.Value;
        var made = await Of<SetMarkType>().CreateAsync(server.Tenant, Tester, new SetMarkType.Request($"https://federation.example.test/{NewWord()}", Owner: us), Ct);
        var type = Assert.IsType<MarkTypeChange.Done>(made).Type;
        return new Thing(type.Id.ToString(), type.Type);
    }

    private async Task<Thing> MakeMarkAsync(string subject)
    {
        var type = await MakeMarkTypeAsync();
        var issued = await Of<IssueMark>().RunAsync(server.Tenant, Tester, new IssueMark.Request(subject, Tmtype: type.Confirmation), Ct);
        return new Thing(Assert.IsType<MarkChange.Done>(issued).Mark.Id.ToString(), type.Confirmation);
    }

    private static string RequestId() => Signet.Platform.Http.RequestId.New();

    private async Task<string> SignInAsync(User owner)
    {
        var begin = server.Services.GetRequiredService<BeginSession>();
        var begun = await InTenantAsync(tx => begin.RunAsync(tx, Tester, owner, ["pwd"], Ct));
        return $"signet_session={begun.Secret}; {server.Browser.Cookie}";
    }

    // The address of the page that asks for consent.
    private async Task<string> AuthorizeAsync(string cookie, string verifier)
    {
        var client = new TestClient(server.ApplicationId, null, GoodValues.RedirectUri);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(TestSignet.AuthorizePath(client, verifier, "openid offline_access", ("prompt", "consent")), UriKind.Relative))
        {
            Headers = { { "Cookie", cookie } },
        };
        using var answer = await server.Client.SendAsync(request, Ct);
        return answer.Headers.Location!.OriginalString;
    }

    private async Task<Thing> MakeAsync(string kind, User owner)
    {
        switch (kind)
        {
            case "users":
                var email = $"{NewWord()}@example.test";
                var add = server.Services.GetRequiredService<AddUser>();
                var user = await InTenantAsync(tx => add.RunAsync(tx, Tester, EmailAddress.TryParse(email)!.Value, true, "Somebody", Ct));
                return new Thing(user!.Id.ToString(), email);
            case "clients" or "applications":
                var wish = new CreateClient.Request(NewWord(), [Grant.AuthorizationCode], [GoodValues.RedirectUri]);
                var client = await InTenantAsync(tx => CreateClient.RunAsync(tx, Tester, Hash, wish.ToMetadata(), ClientKind.Confidential, Ct));
                return new Thing(client.Client.ClientId.ToString(), wish.Name);
            case "api-keys":
                var key = await InTenantAsync(tx => CreateApiKey.RunAsync(tx, Tester, Hash, owner.Id.Value, new(NewWord(), [Permission.ReadUsers]), Ct));
                return new Thing(key.Key.Id.ToString(), key.Key.Name);
            case "agent-blueprints" or "blueprints":
                return await MakeBlueprintAsync();
            case "agents":
                return await MakeAgentAsync(owner);
            case "bc-authorize" or "delegate":
                var asks = await MakeAgentAsync(owner);
                var shown = (CredentialChange.Shown)await Of<MakeCredential>().RunAsync(
                    server.Tenant.Id, Tester, by: null, AgentId.From(Guid.Parse(asks.Id)), new ManageCredentials.Wish(), Ct);
                var other = kind is "delegate" ? await MakeAgentAsync(owner) : asks;
                return new Thing(other.Id, Part: TestSignet.BasicOf(asks.Id, shown.Credential.ClientSecret!).ToString());
            case "approvals":
                return await MakeApprovalAsync(owner);
            case "tenants" or "t":
                var slug = NewWord();
                await ProvisionTenant.RunAsync(Of<Db>(), Of<TenantDirectory>(), Tester, slug, slug, TenantAddress.Path, Ct);
                return new Thing(slug, slug);
            case "keys":
                var kid = await InTenantAsync(tx => Of<MoveKeys>().RotateAsync(tx, Tester, "ES384", atOnce: false, Ct));
                return new Thing(kid, KeyWords.ShortOf(kid));
            case "sessions":
                var session = await InTenantAsync(tx => Of<BeginSession>().RunAsync(tx, Tester, owner, ["pwd"], Ct));
                return new Thing(session.Id.ToString());
            case "jobs":
                await InTenantAsync(async tx =>
                {
                    tx.Enqueue("test.nothing", new { Word = NewWord() }, tx.Now.AddDays(1));
                    await Task.CompletedTask;
                    return true;
                });
                return new Thing(await SomeAsync("select id::text from jobs order by created_at desc limit 1"));
            case "trustmarktypes" or "trust-mark-types":
                return await MakeMarkTypeAsync();
            case "trustmarks" or "trust-marks":
                return await MakeMarkAsync($"https://{NewWord()}.example.test");
            case "subordinates":
                return await MakeSubordinateAsync();
            case "webhooks":
                return await MakeWebhookAsync();
            case "trust-policies":
                return await MakeTrustPolicyAsync(owner);
            case "certificate-authorities":
                return await MakeAuthorityAsync();
            case "audit":
                return new Thing(await SomeAsync("select id::text from audit_events where position is not null limit 1"));
            default:
                return new Thing("0197f2a0-0000-7000-8000-000000000001");
        }
    }

    // A tenant has no more than five hundred.
    private async Task<Thing> MakeBlueprintAsync()
    {
        BlueprintChange.Done? made;
        while ((made = await Of<CreateBlueprint>().RunAsync(
            server.Tenant.Id, Tester, new CreateBlueprint.Request(NewWord(), ["orders:read"]), by: null, Ct) as BlueprintChange.Done) is null)
        {
            await TestCluster.AdministerAsync("delete from signet.agent_blueprints", server.Database);
        }

        return new Thing(made.Blueprint.Id.ToString(), made.Blueprint.Name);
    }

    private async Task<Thing> MakeAgentAsync(User owner)
    {
        var email = $"{NewWord()}@example.test";
        var request = new RegisterAgent.Request(
            email, AgentType.Custom, "1.0.0", ["orders:read"], DeploymentEnv.Development, owner.Id.ToString(), Scopes: ["agents:read"], AttestationDays: 30);
        var registered = (AgentChange.Done)await Of<RegisterAgent>().RunAsync(server.Tenant.Id, Tester, request, by: null, Ct);
        var made = (CredentialChange.Shown)await Of<MakeCredential>().RunAsync(
            server.Tenant.Id, Tester, by: null, registered.Agent.Id, new ManageCredentials.Wish(), Ct);
        return new Thing(registered.Agent.Id.ToString(), email, made.Credential.Credential.CredentialId.ToString());
    }

    private async Task<Thing> MakeAgentWithApprovalAsync(User owner)
    {
        var made = await MakeApprovalAsync(owner);
        return new Thing(made.Part, Part: made.Id);
    }

    private async Task<Thing> MakeApprovalAsync(User owner)
    {
        var agent = AgentId.From(Guid.Parse((await MakeAgentAsync(owner)).Id));
        var wanted = new WantedApproval(
            System.Security.Cryptography.RandomNumberGenerator.GetBytes(32), agent, 1, owner.Id, ["agents:read"], [server.Tenant.Origin], "Order 4711", null, null,
            TimeSpan.FromMinutes(10));
        return new Thing((await Of<RequestApproval>().RunAsync(server.Tenant.Id, Tester, wanted, Ct))!.ApprovalId.ToString(), Part: agent.ToString());
    }

    // A tenant has no more than five hundred.
    private async Task<Thing> MakeTrustPolicyAsync(User owner)
    {
        var agent = (await MakeAgentAsync(owner)).Id;
        var request = new CreateTrustPolicy.Request(NewWord(), "https://issuer.example.test", [new RuleView("sub", NewWord())], AgentId: AgentId.TryParse(agent, null, out var id) ? id : null);
        TrustPolicyChange.Done? made;
        while ((made = await Of<CreateTrustPolicy>().RunAsync(server.Tenant, Tester, request, by: null, Ct) as TrustPolicyChange.Done) is null)
        {
            await TestCluster.AdministerAsync("delete from signet.trust_policies", server.Database);
        }

        return new Thing(made.Policy.Id.ToString(), made.Policy.Name);
    }

    // As it is after somebody enrolled it: nobody answers at its address.
    private async Task<Thing> MakeSubordinateAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var one = new Subordinate(
            SubordinateId.From(Guid.CreateVersion7()), EntityId.Parse($"https://{NewWord()}.example.test"), SubordinateState.Active,
            FederationKeys.Of(SigningKey.Generate(JwsAlgorithm.ES256).PublicKey), JsonElement.Parse("{}"), false, SubordinateTerms.Plain, 1, now, now, now, null, null);
        await InTenantAsync(async tx =>
        {
            await SubordinateHistory.AddAsync(tx, one, SubordinateHistory.Registration, null, Ct);
            return await SubordinateRows.InsertAsync(tx, SubordinateRow.Of(one), Ct);
        });
        return new Thing(one.Id.ToString(), one.Entity.Value);
    }

    // A tenant has no more than fifty.
    private async Task<Thing> MakeAuthorityAsync()
    {
        AuthorityChange.Added? added;
        var request = new ManageAuthorities.Request(NewWord(), GoodValues.NewRoot());
        while ((added = await InTenantAsync(tx => ManageAuthorities.AddAsync(tx, Tester, request, Ct)) as AuthorityChange.Added) is null)
        {
            await TestCluster.AdministerAsync("delete from signet.certificate_authorities", server.Database);
        }

        return new Thing(added.Authority.Id.ToString(), added.Authority.Name);
    }

    // A tenant has no more than fifty.
    private async Task<Thing> MakeWebhookAsync()
    {
        var receiver = new WebhookMetadata(NewWord(), "https://receiver.example.test/events", ["keys.dropped"]);
        CreateWebhook.Created? created;
        while ((created = await InTenantAsync(tx => CreateWebhook.RunAsync(tx, Tester, Of<WebhookSeal>(), receiver, Ct))) is null)
        {
            await TestCluster.AdministerAsync("delete from signet.webhooks", server.Database);
        }

        return new Thing(created.Webhook.Id.ToString(), receiver.Name);
    }

    private SecretHash Hash => Of<SecretHash>();

    private T Of<T>() where T : notnull => server.Services.GetRequiredService<T>();

    private Task<T> InTenantAsync<T>(Func<Tx, Task<T>> work) => Of<Db>().InTenantAsync(server.Tenant.Id, work, Ct);

    private Task<string> SomeAsync(string sql) => Of<Db>().AcrossTenantsAsync(Tester, "test", tx => tx.GetAsync<string>(sql, null, Ct), Ct);
}
