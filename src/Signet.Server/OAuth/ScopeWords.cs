using Signet.OAuth;
using Signet.Server.Ui;

namespace Signet.Server.OAuth;

/// <summary>What scopes mean to the person who is asked for them.</summary>
internal static class ScopeWords
{
    public static IReadOnlyList<ConsentScope> Of(ScopeSet scope) => Of(scope.Tokens);

    public static IReadOnlyList<ConsentScope> Of(IEnumerable<string> scopes) => [.. scopes.Select(Describe)];

    private static ConsentScope Describe(string scope) => scope switch
    {
        "openid" => new ConsentScope("Know who you are", "A number that stands for you here, and when you signed in.", "user"),
        "profile" => new ConsentScope("See your name", "The name you gave here.", "user"),
        "email" => new ConsentScope("See your address", "And whether it is known to be yours.", "mail"),
        "offline_access" => new ConsentScope("Act for you while you are away", "Until you withdraw it, also when you are signed out.", "clock"),
        _ => new ConsentScope(scope, "A permission of the application's own.", "key"),
    };
}
