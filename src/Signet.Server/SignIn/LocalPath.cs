namespace Signet.Server.SignIn;

/// <summary>Where a sign-in page may send people on its own: a place of ours, named by path. Anything else, however spelled, is no place.</summary>
public static class LocalPath
{
    private static readonly string[] Places = ["/console", "/account"];

    /// <summary>The path if it is a place of ours; null otherwise. An allow-list, so that no spelling of another site gets through.</summary>
    public static string? TryParse(string? text)
    {
        if (text is null or { Length: > 2000 } || text.Any(c => char.IsControl(c) || c is '\\' || c > 0x7e))
        {
            return null;
        }

        var path = text.Split('?', '#')[0];
        return Places.Any(place => path == place || path.StartsWith($"{place}/", StringComparison.Ordinal))
            && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("..", StringComparison.Ordinal)
            ? text
            : null;
    }
}
