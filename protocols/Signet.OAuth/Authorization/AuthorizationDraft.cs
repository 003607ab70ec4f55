namespace Signet.OAuth.Authorization;

/// <summary>An authorization request while its steps run. What a step has not proven throws when read.</summary>
internal sealed class AuthorizationDraft(OAuthParameters parameters, RegisteredClient? client)
{
    public OAuthParameters Parameters => parameters;

    public RegisteredClient? FoundClient => client;

    public RegisteredClient Client => client ?? throw new InvalidOperationException("The client is not proven yet.");

    public string RedirectUri
    {
        get => field ?? throw new InvalidOperationException("The redirect URI is not proven yet.");
        set;
    }

    public ResponseMode Mode { get; set; }

    public ReplyAddress ReplyTo => new(RedirectUri, Mode, Parameters[OAuthParameter.State]);

    public ScopeSet Scope { get; set; } = ScopeSet.Empty;

    public string CodeChallenge
    {
        get => field ?? throw new InvalidOperationException("The code challenge is not proven yet.");
        set;
    }

    public Prompts Prompts { get; set; }

    public TimeSpan? MaxAge { get; set; }

    public IReadOnlyList<string> Resources { get; set; } = [];

    public AuthorizationRequest Complete() => new(Client.ClientId, ReplyTo, Scope, CodeChallenge)
    {
        Nonce = Parameters[OAuthParameter.Nonce],
        Prompts = Prompts,
        MaxAge = MaxAge,
        LoginHint = Parameters[OAuthParameter.LoginHint],
        IdTokenHint = Parameters[OAuthParameter.IdTokenHint],
        UiLocales = SpaceDelimited.Split(Parameters[OAuthParameter.UiLocales]),
        AcrValues = SpaceDelimited.Split(Parameters[OAuthParameter.AcrValues]),
        Resources = Resources,
    };
}
