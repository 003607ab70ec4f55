using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Platform.Telemetry;
using Signet.Server.Clients;
using Signet.Server.Passwords;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Testing;

/// <summary>A person who has an account.</summary>
public sealed record TestUser(Guid Id, string Email, string Password);

/// <summary>An application.</summary>
/// <param name="Secret">Null: a public one.</param>
public sealed record TestClient(string Id, string? Secret, string RedirectUri);

/// <summary>A code as an application gets it, with what it needs to redeem it.</summary>
public sealed record TestCode(string Code, string Verifier, TestBrowser Browser, TestAnswer Answer);

public sealed partial class TestSignet
{
    private static readonly Origin Tester = Origin.OfOperator("test", "test");
    private static int lastName;

    public static string NewName(string prefix) => $"{prefix}-{Interlocked.Increment(ref lastName)}";

    /// <summary>One that may use every grant, with its own scope <c>api:read</c> beside the usual ones.</summary>
    public async Task<TestClient> CreateClientAsync(Func<CreateClient.Request, CreateClient.Request>? change = null, TenantId? tenant = null)
    {
        var wish = new CreateClient.Request(
            NewName("app"), [Grant.AuthorizationCode, Grant.RefreshToken, Grant.ClientCredentials], ["https://app.example/cb"],
            ["https://app.example/bye"], ["openid", "profile", "email", "offline_access", "api:read", "api:write"]);
        wish = change?.Invoke(wish) ?? wish;
        var metadata = wish.ToMetadata();
        if (metadata.Refuse(wish.Kind) is { } refusal)
        {
            throw new InvalidOperationException(string.Join(", ", refusal.Errors!.Select(error => $"{error.Key} {error.Value[0]}")));
        }

        var services = App.Services;
        var made = await services.GetRequiredService<Db>().InTenantAsync(
            tenant ?? TenantId.Default,
            tx => CreateClient.RunAsync(tx, Tester, services.GetRequiredService<SecretHash>(), metadata, wish.Kind, CancellationToken.None),
            CancellationToken.None);
        return new TestClient(made.Client.ClientId.ToString(), made.ClientSecret, wish.RedirectUris is [var uri, ..] ? uri : "");
    }

    public Task<TestClient> CreatePublicClientAsync() => CreateClientAsync(wish =>
        wish with { Kind = ClientKind.Public, Grants = [Grant.AuthorizationCode, Grant.RefreshToken] });

    public async Task<TestUser> CreateUserAsync(Role role = Role.User, TenantId? tenant = null, bool withPassword = true)
    {
        var name = NewName("person");
        var password = $"a good long password of {name}";
        var wish = new CreateUser.Wish(
            EmailAddress.TryParse($"{name}@example.test")!.Value, EmailVerified: true, $"Person {name}", withPassword ? password : null, role);
        var made = await App.Services.GetRequiredService<CreateUser>().RunAsync(tenant ?? TenantId.Default, Tester, wish, CancellationToken.None);
        return new TestUser(made!.Id.Value, made.Email.Value, password);
    }

    /// <summary>A new browser in which this person has signed in on the sign-in page.</summary>
    public async Task<TestBrowser> SignInAsync(TestUser user, string pathBase = "")
    {
        var browser = new TestBrowser(this);
        var answer = await browser.SignInAsync(await browser.GetAsync($"{pathBase}/sign-in"), user);
        return answer.Status == HttpStatusCode.Found ? browser : throw new InvalidOperationException($"Not signed in: {(int)answer.Status} {answer.Text}");
    }

    public TestBrowser NewBrowser() => new(this);

    public async Task<Tenant> CreateTenantAsync(TenantAddress address = TenantAddress.Path)
    {
        var slug = NewName("tenant");
        var made = await ProvisionTenant.RunAsync(
            App.Services.GetRequiredService<Db>(), App.Services.GetRequiredService<TenantDirectory>(), Tester, slug, $"Tenant {slug}", address,
            CancellationToken.None);
        return ((Provisioning.Provisioned)made).Tenant;
    }

    public Task<bool> MoveTenantAsync(Tenant tenant, TenantState to) =>
        ChangeTenantState.RunAsync(App.Services.GetRequiredService<Db>(), Tester, tenant.Slug, to, CancellationToken.None);

    /// <summary>An API key of this person; its scopes are checked at each use, not here.</summary>
    public async Task<string> CreateApiKeyAsync(TestUser owner, IReadOnlyList<Permission>? scopes = null, int days = 90, TenantId? tenant = null)
    {
        var services = App.Services;
        var request = new CreateApiKey.Request(NewName("key"), scopes ?? Enum.GetValues<Permission>(), days);
        var made = await services.GetRequiredService<Db>().InTenantAsync(
            tenant ?? TenantId.Default,
            tx => CreateApiKey.RunAsync(tx, Tester, services.GetRequiredService<SecretHash>(), owner.Id, request, CancellationToken.None),
            CancellationToken.None);
        return made.Secret;
    }

    /// <summary>An API key of a new person with this role, who may do all the role may.</summary>
    public async Task<string> CreateApiKeyAsync(Role role, TenantId? tenant = null) =>
        await CreateApiKeyAsync(await CreateUserAsync(role, tenant, withPassword: false), tenant: tenant);

    /// <summary>A call of the management API with an API key, or of any JSON API without one.</summary>
    public Task<TestAnswer> CallAsync(HttpMethod method, string path, string? apiKey = null, object? body = null)
    {
        var request = new HttpRequestMessage(method, At(path)) { Content = body is null ? null : TestAnswer.JsonOf(body) };
        if (apiKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }

        return SendAsync(request);
    }

    /// <summary>The path of an authorization request that is good; <paramref name="change"/> changes its parameters, null takes one out.</summary>
    public static string AuthorizePath(TestClient client, string verifier, string scope = "openid", params IEnumerable<(string Name, string? Value)> change)
    {
        var parameters = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = client.Id,
            ["redirect_uri"] = client.RedirectUri,
            ["scope"] = scope,
            ["state"] = "state-1",
            ["nonce"] = "nonce-1",
            ["code_challenge"] = ChallengeOf(verifier),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in change)
        {
            parameters[name] = value;
        }

        return "/oauth2/authorize?" + string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"));
    }

    public static string NewVerifier() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>The code flow through the pages a person sees: signs in where that is asked, allows where that is asked.</summary>
    public async Task<TestCode> AuthorizeAsync(
        TestClient client, TestUser user, string scope = "openid", TestBrowser? browser = null, string pathBase = "",
        params IEnumerable<(string Name, string? Value)> change)
    {
        browser ??= new TestBrowser(this);
        var verifier = NewVerifier();
        var answer = await browser.OpenAsync(pathBase + AuthorizePath(client, verifier, scope, change));
        if (answer.Status == HttpStatusCode.OK && answer.Text.Contains("name=\"password\"", StringComparison.Ordinal))
        {
            answer = await browser.FollowAsync(await browser.SignInAsync(answer, user));
        }

        if (answer.Status == HttpStatusCode.OK && answer.Text.Contains("name=\"decision\"", StringComparison.Ordinal))
        {
            answer = await browser.SubmitAsync(answer, ("decision", "allow"));
        }

        return answer.Parameter("code") is { } code
            ? new TestCode(code, verifier, browser, answer)
            : throw new InvalidOperationException($"No code: {(int)answer.Status} {answer.Location} {answer.Text}");
    }

    /// <summary>Redeems a code as its application would.</summary>
    public Task<TestAnswer> RedeemAsync(TestClient client, TestCode code, params IEnumerable<(string Name, string Value)> more) =>
        TokenAsync(client, [("grant_type", "authorization_code"), ("code", code.Code), ("redirect_uri", client.RedirectUri), ("code_verifier", code.Verifier), .. more]);

    /// <summary>The whole flow, to the answer of the token endpoint.</summary>
    public async Task<TestAnswer> ObtainTokensAsync(TestClient client, TestUser user, string scope = "openid", TestBrowser? browser = null)
    {
        var answer = await RedeemAsync(client, await AuthorizeAsync(client, user, scope, browser));
        return answer.Status == HttpStatusCode.OK ? answer : throw new InvalidOperationException($"No tokens: {(int)answer.Status} {answer.Text}");
    }

    public Task<TestAnswer> TokenAsync(TestClient client, params IEnumerable<(string Name, string Value)> fields) => PostAsync("/oauth2/token", client, fields);

    public Task<TestAnswer> RefreshAsync(TestClient client, string refreshToken, params IEnumerable<(string Name, string Value)> more) =>
        TokenAsync(client, [("grant_type", "refresh_token"), ("refresh_token", refreshToken), .. more]);

    public Task<TestAnswer> ClientCredentialsAsync(TestClient client, params IEnumerable<(string Name, string Value)> more) =>
        TokenAsync(client, [("grant_type", "client_credentials"), .. more]);

    public Task<TestAnswer> IntrospectAsync(TestClient client, string token) => PostAsync("/oauth2/introspect", client, [("token", token)]);

    public async Task<bool> IsActiveAsync(TestClient client, string token) => (await IntrospectAsync(client, token))["active"] == "True";

    public Task<TestAnswer> RevokeAsync(TestClient client, string token) => PostAsync("/oauth2/revoke", client, [("token", token)]);

    public Task<TestAnswer> UserInfoAsync(string? accessToken, string pathBase = "") => CallAsync(HttpMethod.Get, $"{pathBase}/oauth2/userinfo", accessToken);

    /// <summary>A form to a protocol endpoint; a confidential client shows itself by header, a public one by its id.</summary>
    public Task<TestAnswer> PostAsync(string path, TestClient? client, IEnumerable<(string Name, string Value)> fields)
    {
        var form = client is { Secret: null } ? fields.Append(("client_id", client.Id)) : fields;
        var request = new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = TestAnswer.FormOf(form) };
        if (client is { Secret: { } secret })
        {
            request.Headers.Authorization = BasicOf(client.Id, secret);
        }

        return SendAsync(request);
    }

    public static AuthenticationHeaderValue BasicOf(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));

    /// <summary>Sends any request, from an address of its own unless it names one.</summary>
    public async Task<TestAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (!request.Headers.Contains("X-Forwarded-For"))
            {
                request.Headers.Add("X-Forwarded-For", NewAddress());
            }

            using var response = await Wire.SendAsync(request, CancellationToken.None);
            return await TestAnswer.ReadAsync(response);
        }
    }

    /// <summary>What this node counts, as a scraper reads it. The tests come as a proxy does, for which <c>/metrics</c> is not there.</summary>
    public async Task<string> MetricsAsync()
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = App.Services, Response = { Body = body } };
        await App.Services.GetRequiredService<PrometheusText>().Answer().ExecuteAsync(context);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    /// <summary>The actions on record about a thing, oldest first.</summary>
    public async Task<List<string>> ActionsAsync(string targetId, TenantId? tenant = null) =>
        await Database.Db(Clock).InTenantAsync(tenant ?? TenantId.Default, tx => tx.ListAsync<string>(
            "select action from audit_events where tenant_id = @tenant and target_id = @target order by id",
            new { tenant = tx.Tenant, target = targetId }, CancellationToken.None), CancellationToken.None);

    public Uri At(string path) => path.StartsWith('/') ? new Uri(Address + path) : new Uri(path);
}
