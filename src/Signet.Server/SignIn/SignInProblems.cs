using Signet.Platform.Http;

namespace Signet.Server.SignIn;

public static class SignInProblems
{
    public static readonly Problem Refused = new(401, "authentication_required", "The address or the password is not right.");

    public static readonly Problem NoSession = new(401, "authentication_required", "Nobody is signed in here.");

    public static readonly Problem EmailTaken = new(409, "conflict", "This address has an account already.");

    public static readonly Problem SlugTaken = new(409, "conflict", "Another organization has this slug.");

    public static readonly Problem RegistrationClosed = new(403, "registration_closed", "Nobody can register here. An administrator adds people.");

    public static Problem Invalid(string field, string message) =>
        HttpProblems.InvalidInput.WithError(field, message) with { Detail = $"{field}: {message}" };

    public static Problem TooMany(TimeSpan retryAfter) => HttpProblems.RateLimited with { RetryAfter = retryAfter };
}
