using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class OAuthParametersTests
{
    [Fact]
    public void Reads_a_form_with_escapes_and_plus_signs()
    {
        var parameters = Read("client_id=app&scope=openid+e%6Dail&state=%2B%26%3D&login_hint=J%C3%B6rg");

        Assert.Equal("app", parameters[OAuthParameter.ClientId]);
        Assert.Equal("openid email", parameters[OAuthParameter.Scope]);
        Assert.Equal("+&=", parameters[OAuthParameter.State]);
        Assert.Equal("Jörg", parameters[OAuthParameter.LoginHint]);
        Assert.Null(parameters[OAuthParameter.Nonce]);
    }

    [Fact]
    public void An_empty_value_is_as_if_omitted() => Assert.Null(Read("client_id=app&state=&nonce")[OAuthParameter.State]);

    [Fact]
    public void Unknown_parameters_are_ignored_whatever_they_hold() =>
        Assert.Equal("app", Read("client_id=app&utm=%00%01&x=" + new string('y', 50_000))[OAuthParameter.ClientId]);

    [Fact]
    public void The_question_mark_of_a_query_is_not_part_of_a_name()
    {
        Assert.True(OAuthParameters.TryParse("?client_id=app", out var parameters, out _));

        Assert.Equal("app", parameters[OAuthParameter.ClientId]);
    }

    [Fact]
    public void Only_resource_may_repeat() =>
        Assert.Equal(
            ["https://a.example", "https://b.example"],
            Read("resource=https://a.example&client_id=app&resource=https://b.example").All(OAuthParameter.Resource));

    [Theory]
    [InlineData("client_id=app&client_id=app")]
    [InlineData("client_id=app&client_id=")]
    [InlineData("client_id=&client_id=app")]
    [InlineData("client_id=app&client%5Fid=mallory")]
    [InlineData("client_id=app&unknown=1&unknown=2")]
    public void A_repeated_parameter_is_refused(string form) => Assert.Equal(OAuthError.RepeatedParameter, Refusal(form));

    [Theory]
    [InlineData("state=a%00b")]
    [InlineData("state=a%0Ab")]
    [InlineData("state=a%7Fb")]
    [InlineData("state=%C3%A9")]
    [InlineData("state=%EF%BF%BD")]
    [InlineData("login_hint=%EF%BF%BD")]
    [InlineData("login_hint=a%00b")]
    [InlineData("login_hint=a%C2%85b")]
    [InlineData("registration=%00")]
    [InlineData("redirect_uri=https://app.example/%E2%80%AEcb")]
    public void A_value_outside_its_alphabet_is_refused_by_name(string form) =>
        Assert.Equal(OAuthError.InvalidParameter(OAuthParameter.All.Single(p => p.Name == form.Split('=')[0])), Refusal(form));

    [Theory]
    [InlineData("state=%")]
    [InlineData("state=%4")]
    [InlineData("state=%zz")]
    [InlineData("state=%C3")]
    [InlineData("state=%C0%80")]
    [InlineData("login_hint=%ED%A0%80")]
    [InlineData("%FF=x")]
    [InlineData("state=\u00e9")]
    public void A_broken_encoding_is_refused(string form)
    {
        Assert.Equal(OAuthError.InvalidRequest, Refusal(form));
        Assert.False(OAuthParameters.TryParse(form, out _, out _));
    }

    [Fact]
    public void Each_parameter_is_taken_at_its_limit_and_refused_beyond_it()
    {
        foreach (var parameter in OAuthParameter.All)
        {
            Assert.Equal(parameter.MaxLength, Read($"{parameter}={new string('a', parameter.MaxLength)}")[parameter]!.Length);
            Assert.Equal(OAuthError.InvalidParameter(parameter), Refusal($"{parameter}={new string('a', parameter.MaxLength + 1)}"));
        }
    }

    [Fact]
    public void A_hundred_pairs_are_the_limit()
    {
        Assert.NotNull(Read(string.Join('&', Enumerable.Range(0, 100).Select(i => $"p{i}=1"))));
        Assert.Equal(OAuthError.InvalidRequest, Refusal(string.Join('&', Enumerable.Range(0, 101).Select(i => $"p{i}=1"))));
    }

    [Fact]
    public void A_query_made_of_parameters_reads_back_without_those_left_out()
    {
        var query = Read("client_id=app&state=%2B%26%3D&prompt=login&login_hint=J%C3%B6rg").ToQuery(OAuthParameter.Prompt);

        Assert.Equal("client_id=app&state=%2B%26%3D&login_hint=J%C3%B6rg", query);
    }

    [Fact]
    public void No_bytes_make_a_reader_throw() =>
        Prop.ForAll<byte[], string>((bytes, text) =>
        {
            _ = OAuthParameters.TryParse(bytes, out _, out _);
            _ = OAuthParameters.TryParse(text, out _, out _);
            _ = OAuthParameters.TryParse($"state={text}&nonce={text}", out _, out _);
            _ = OAuthParameters.TryParse(Encoding.UTF8.GetBytes($"state=%{text}"), out _, out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_text_without_control_characters_survives_its_form() =>
        Prop.ForAll<NonEmptyString>(text =>
        {
            var value = new string([.. text.Get.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c != '\uFFFD').Take(500)]);
            var form = "login_hint=" + Uri.EscapeDataString(value);

            return (Read(form)[OAuthParameter.LoginHint] ?? "") == value;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static OAuthParameters Read(string form)
    {
        Assert.True(OAuthParameters.TryParse(Encoding.UTF8.GetBytes(form), out var parameters, out _));
        return parameters;
    }

    private static OAuthError? Refusal(string form)
    {
        Assert.False(OAuthParameters.TryParse(Encoding.UTF8.GetBytes(form), out _, out var refusal));
        return refusal;
    }
}
