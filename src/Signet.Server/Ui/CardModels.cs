namespace Signet.Server.Ui;

/// <summary>What the cards of the sign-in flow share: where they post, what they carry, and what was wrong with the last try.</summary>
public abstract record CardForm(string Action)
{
    public IReadOnlyList<HiddenValue> Hidden { get; init; } = [];

    public FormErrors Errors { get; init; } = FormErrors.None;

    public FormToken? Token { get; init; }

    /// <summary>The application the person came from, by its own name.</summary>
    public string? ApplicationName { get; init; }
}

/// <summary>Posts <c>email</c> and <c>password</c>. With <see cref="NotYouHref"/> the address is settled: it is shown, and only the password is asked for.</summary>
public sealed record SignInModel(string Action) : CardForm(Action)
{
    public string? Email { get; init; }

    /// <summary>Where one goes to sign in as someone else.</summary>
    public string? NotYouHref { get; init; }

    public string? ForgotPasswordHref { get; init; }

    public string? SignUpHref { get; init; }

    /// <summary>Other ways in, offered above the form: a passkey, an upstream provider.</summary>
    public IReadOnlyList<OtherWayIn> OtherWays { get; init; } = [];

    /// <summary>What just happened, where the person comes from another step ("Your password is changed.").</summary>
    public string? Notice { get; init; }

    /// <summary>Offers the checkbox <c>remember</c>.</summary>
    public bool OfferRemember { get; init; }
}

/// <summary>A link to sign in by something else than the password.</summary>
public sealed record OtherWayIn(string Label, string Href, string Icon);

/// <summary>Posts <c>name</c>, <c>email</c> and <c>password</c>.</summary>
public sealed record SignUpModel(string Action) : CardForm(Action)
{
    public string? Name { get; init; }

    public string? Email { get; init; }

    public string? SignInHref { get; init; }

    public string? TermsHref { get; init; }

    public string? PrivacyHref { get; init; }
}

/// <summary>Posts <c>decision</c> = <c>allow</c> or <c>deny</c>.</summary>
public sealed record ConsentModel(string Action, string Email, IReadOnlyList<ConsentScope> Scopes) : CardForm(Action)
{
    public string? NotYouHref { get; init; }

    /// <summary>The host the browser returns to, so that a person can tell a look-alike.</summary>
    public string? ReturnsTo { get; init; }

    public string? ApplicationLogoHref { get; init; }

    public string? PrivacyHref { get; init; }

    public string? TermsHref { get; init; }
}

/// <summary>One thing an application asks for, in plain words, with what it means beneath.</summary>
public sealed record ConsentScope(string Title, string? Explanation = null, string Icon = "check");

/// <summary>A refusal in four parts: what happened (the title), what it means, what to do, and a reference to quote.</summary>
public sealed record ErrorModel(string Title, string Meaning, string NextStep)
{
    public string? Reference { get; init; }

    public string? ActionHref { get; init; }

    public string? ActionLabel { get; init; }
}

/// <summary>Asks before signing out, as a request to sign out may come from anywhere (OIDC RP-Initiated Logout §2).</summary>
public sealed record SignOutModel(string Action, string Email) : CardForm(Action)
{
    public string? StayHref { get; init; }
}

/// <summary>What is true after signing out, and the ways on.</summary>
public sealed record SignedOutModel
{
    public string? SignInHref { get; init; }

    public string? ReturnHref { get; init; }

    public string? ApplicationName { get; init; }

    /// <summary>Applications that could not be told; they end when their own session does.</summary>
    public IReadOnlyList<string> StillSignedInAt { get; init; } = [];
}

/// <summary>Posts <c>name</c>, <c>email</c>, <c>password</c>, and <c>code</c> where one is asked for.</summary>
public sealed record SetupModel(string Action) : CardForm(Action)
{
    public string? Name { get; init; }

    public string? Email { get; init; }

    /// <summary>True when the installer printed a code that proves the person has the machine.</summary>
    public bool AskForCode { get; init; }
}
