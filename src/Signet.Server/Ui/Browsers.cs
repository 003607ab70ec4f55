namespace Signet.Server.Ui;

/// <summary>What a browser calls itself, in two words a person recognises. A guess for display; nothing is decided by it.</summary>
internal static class Browsers
{
    // In this order: each of these names itself after the ones below it too.
    private static readonly (string Mark, string Name)[] Programs =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

    public static string NameOf(string? userAgent)
    {
        if (userAgent is null)
        {
            return "Unknown browser";
        }

        var program = Programs.FirstOrDefault(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name;
        var system = Systems.FirstOrDefault(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name;
        return (program, system) switch
        {
            (null, null) => userAgent.Length <= 60 ? userAgent : $"{userAgent[..59]}…",
            (null, _) => system,
            (_, null) => program,
            _ => $"{program} on {system}",
        };
    }
}
