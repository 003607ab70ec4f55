namespace Signet.Platform.Postgres;

/// <summary>Turns what PostgreSQL said into one line for the operator: what is wrong, and what to do.</summary>
internal static class ClusterErrors
{
    /// <summary>Whether the cause goes away by itself: backends of a killed server that still hold its memory.</summary>
    public static bool MayPass(string said) =>
        said.Contains("pre-existing shared memory block", StringComparison.Ordinal)
        || said.Contains("is still in use", StringComparison.Ordinal);

    public static StartRefusedException Explain(string said, ClusterFolder folder)
    {
        var fatal = said.Split('\n').LastOrDefault(l => l.StartsWith("FATAL:", StringComparison.Ordinal) || l.StartsWith("PANIC:", StringComparison.Ordinal))
            ?? said.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()
            ?? "it said nothing";
        return new StartRefusedException(said switch
        {
            _ when Has("No space left on device") =>
                $"No space is left on the disk of {folder.Root}; free some and start again (nothing committed is lost).",
            _ when Has("Read-only file system") =>
                $"The file system of {folder.Root} is read-only; the database needs to write there.",
            _ when Has("could not create shared memory segment") || Has("Cannot allocate memory") || Has("could not map anonymous shared memory") =>
                $"The machine has too little memory for the database in {folder.Root}: about 300 MB must be free.",
            _ when Has("could not look up effective user ID") || Has("could not look up local user ID") =>
                $"User id {folder.Account.User} has no name on this machine, and PostgreSQL needs one; add it to /etc/passwd or run signet as another user.",
            _ when Has("Permission denied") =>
                $"The account {folder.Account.Name} may not use {folder.Root} or PostgreSQL's programs: {fatal.Trim()}",
            _ => $"The database in {folder.Root} does not start: {fatal.Trim()}",
        });

        bool Has(string words) => said.Contains(words, StringComparison.OrdinalIgnoreCase);
    }
}
