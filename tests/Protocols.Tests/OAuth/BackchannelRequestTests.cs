using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Signet.OAuth.Backchannel;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class BackchannelRequestTests
{
    private readonly Dictionary<string, string> form = new()
    {
        ["scope"] = "openid payments",
        ["login_hint"] = "ada@example.com",
        ["binding_message"] = "Überweisung W4SCT",
        ["requested_expiry"] = "120",
        ["acr_values"] = "urn:x",
        ["authorization_details"] = """[{"type":"payment"}]""",
        ["resource"] = "https://api.example/",
    };

    [Fact]
    public void Accepts_a_request_with_all_its_parameters()
    {
        Assert.True(BackchannelRequest.TryRead(Parameters(), out var request, out _));

        Assert.Equal(ScopeSet.Of("openid", "payments"), request.Scope);
        Assert.Equal(("ada@example.com", null, "Überweisung W4SCT"), (request.LoginHint, request.IdTokenHint, request.BindingMessage));
        Assert.Equal(TimeSpan.FromMinutes(2), request.RequestedExpiry);
        Assert.Equal(["urn:x"], request.AcrValues);
        Assert.Equal(["payment"], request.AuthorizationDetails!.Types);
        Assert.Equal(["https://api.example/"], request.Resources);
        Assert.DoesNotContain("ada", request.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Most_parameters_may_be_left_out()
    {
        foreach (var name in (string[])["binding_message", "requested_expiry", "acr_values", "authorization_details", "resource"])
        {
            form.Remove(name);
        }

        Assert.True(BackchannelRequest.TryRead(Parameters(), out var request, out _));
        Assert.Null(request.RequestedExpiry);
        Assert.Null(request.AuthorizationDetails);
    }

    [Fact]
    public void An_id_token_may_be_the_hint()
    {
        form.Remove("login_hint");
        form["id_token_hint"] = "a.b.c";

        Assert.True(BackchannelRequest.TryRead(Parameters(), out var request, out _));
        Assert.Equal((null, "a.b.c"), (request.LoginHint, request.IdTokenHint));
    }

    public static TheoryData<string, string?, OAuthError> Refusals => new()
    {
        { "scope", null, OAuthError.InvalidScope },
        { "scope", "payments", OAuthError.InvalidScope },
        { "scope", "openid  payments", OAuthError.InvalidScope },
        { "login_hint", null, OAuthError.InvalidParameter(OAuthParameter.LoginHint) },
        { "id_token_hint", "a.b.c", OAuthError.InvalidParameter(OAuthParameter.LoginHint) },
        { "login_hint_token", "a.b.c", OAuthError.InvalidParameter(OAuthParameter.LoginHintToken) },
        { "request", "a.b.c", OAuthError.RequestNotSupported },
        { "requested_expiry", "0", OAuthError.InvalidParameter(OAuthParameter.RequestedExpiry) },
        { "requested_expiry", "-1", OAuthError.InvalidParameter(OAuthParameter.RequestedExpiry) },
        { "requested_expiry", "+1", OAuthError.InvalidParameter(OAuthParameter.RequestedExpiry) },
        { "requested_expiry", "1.5", OAuthError.InvalidParameter(OAuthParameter.RequestedExpiry) },
        { "requested_expiry", "86401", OAuthError.InvalidParameter(OAuthParameter.RequestedExpiry) },
        { "requested_expiry", "99999999999", OAuthError.InvalidParameter(OAuthParameter.RequestedExpiry) },
        { "binding_message", new string('x', BackchannelRequest.MaxBindingMessageLength + 1), OAuthError.InvalidBindingMessage },
        { "binding_message", "Pay \u202Eeco", OAuthError.InvalidBindingMessage },
        { "binding_message", "a\u2028b", OAuthError.InvalidBindingMessage },
        { "binding_message", "a\u200Bb", OAuthError.InvalidBindingMessage },
        { "authorization_details", "[]", OAuthError.InvalidAuthorizationDetails },
        { "resource", "api", OAuthError.InvalidTarget },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void One_wrong_parameter_is_refused(string name, string? value, OAuthError expected)
    {
        form.Remove(name);
        if (value is not null)
        {
            form[name] = value;
        }

        Assert.False(BackchannelRequest.TryRead(Parameters(), out _, out var refusal));
        Assert.Equal(expected, refusal);
    }

    // The response of CIBA Core §7.3.
    [Fact]
    public void Writes_the_answer_of_CIBA_section_7_3()
    {
        var response = new BackchannelResponse("1c266114-a1be-4252-8ad1-04986c5b9ac1", TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(2));

        Assert.Equal(
            """{"auth_req_id":"1c266114-a1be-4252-8ad1-04986c5b9ac1","expires_in":120,"interval":2}""", Encoding.UTF8.GetString(response.ToUtf8Json()));
        Assert.DoesNotContain("1c266114", response.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_errors_of_CIBA_have_the_registered_codes() =>
        Assert.Equal(
            [("authorization_pending", 400), ("slow_down", 400), ("expired_token", 400), ("access_denied", 400), ("unknown_user_id", 400),
                ("invalid_binding_message", 400)],
            new[]
            {
                OAuthError.AuthorizationPending, OAuthError.SlowDown, OAuthError.ExpiredToken, OAuthError.DeniedByPerson, OAuthError.UnknownUserId,
                OAuthError.InvalidBindingMessage,
            }.Select(error => (error.Code, error.Status)));

    [Fact]
    public void No_value_makes_it_throw() =>
        Prop.ForAll<NonNegativeInt, string?>((index, value) =>
        {
            var altered = form.ToDictionary();
            altered[altered.Keys.ElementAt(index.Get % altered.Count)] = value ?? "";
            _ = OAuthParameters.TryRead(altered, out var parameters, out _) && BackchannelRequest.TryRead(parameters, out _, out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private OAuthParameters Parameters()
    {
        Assert.True(OAuthParameters.TryRead(form, out var parameters, out _));
        return parameters;
    }
}
