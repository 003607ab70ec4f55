using Signet.OAuth;
using Signet.OAuth.Authorization;
using Xunit;

namespace Protocols.Tests.OAuth;

/// <summary>A request that is accepted, of which a test alters one thing.</summary>
internal sealed class AuthorizationScenario
{
    public const string Issuer = "https://acme.id.example";

    public Dictionary<string, string> Parameters { get; } = new()
    {
        ["client_id"] = "app",
        ["redirect_uri"] = "https://app.example/cb?tenant=acme",
        ["response_type"] = "code",
        ["scope"] = "openid email",
        ["state"] = "a state & more",
        ["nonce"] = "n-0S6_WzA2Mj",
        ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ["code_challenge_method"] = "S256",
    };

    public RegisteredClient? Client { get; set; } =
        new("app", ["https://app.example/cb?tenant=acme", "http://127.0.0.1/cb"], ScopeSet.Of("openid", "email", "profile"));

    public AuthorizationScenario With(string name, string? value)
    {
        if (value is null)
        {
            Parameters.Remove(name);
        }
        else
        {
            Parameters[name] = value;
        }

        return this;
    }

    public AuthorizationOutcome Run()
    {
        Assert.True(OAuthParameters.TryRead(Parameters, out var parameters, out _));
        return AuthorizationCheck.Run(parameters, Client);
    }

    public AuthorizationRequest Accepted() => Assert.IsType<AuthorizationOutcome.Accepted>(Run()).Request;

    public AuthorizationOutcome.Redirected Redirected() => Assert.IsType<AuthorizationOutcome.Redirected>(Run());
}
