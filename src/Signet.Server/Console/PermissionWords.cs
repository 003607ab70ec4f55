using Signet.Platform.Data;
using Signet.Server.Permissions;

namespace Signet.Server.Console;

/// <summary>Permissions as people read them: <c>ManageApiKeys</c> is "Manage API keys".</summary>
internal static class PermissionWords
{
    public static string Of(Permission permission) => Of(SnakeCase.Of(permission));

    /// <param name="scope">As an API key carries it: <c>manage_api_keys</c>.</param>
    public static string Of(string scope)
    {
        var words = scope.Replace('_', ' ').Replace("api", "API", StringComparison.Ordinal);
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
