using Signet.Platform.Http;

namespace Signet.Server.Passwords;

public static class PasswordProblems
{
    public static Problem Weak(string message) =>
        HttpProblems.InvalidInput.WithError("password", message) with { Detail = $"password: {message}" };
}
