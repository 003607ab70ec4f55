namespace Signet.Server.Policy;

/// <summary>What a policy folder holds.</summary>
internal abstract record PolicyFolder
{
    private PolicyFolder()
    {
    }

    public sealed record Valid(ScopesEngine Engine) : PolicyFolder;

    /// <param name="Fault">Names the folder and what is wrong with it, in one line.</param>
    public sealed record Invalid(string Fault) : PolicyFolder;
}

/// <summary>Reads <c>data/scopes.json</c> of a policy folder, whole or not at all.</summary>
internal static class ReadPolicyFolder
{
    private const string Rules = "data/scopes.json";
    private const string Compiled = "authz.wasm";
    private const int MostBytes = 1024 * 1024;

    public static PolicyFolder Run(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return new PolicyFolder.Invalid($"{folder} is not there, or is no folder.");
        }

        // Its author means it to decide; to go on by another file beside it would be a policy nobody wrote.
        if (File.Exists(Path.Combine(folder, Compiled)))
        {
            return new PolicyFolder.Invalid(
                $"{folder} holds {Compiled}, and Signet runs no compiled policy. Let OPA serve it and set OPA_URL, or take it away and write {Rules}.");
        }

        var file = Path.Combine(folder, Rules);
        try
        {
            if (!File.Exists(file))
            {
                return new PolicyFolder.Invalid($"{folder} holds no {Rules}.");
            }

            using var stream = File.OpenRead(file);
            if (stream.Length > MostBytes)
            {
                return new PolicyFolder.Invalid($"{file} is larger than 1 MiB.");
            }

            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return ScopesEngine.TryRead(copy.ToArray(), out var fault) is { } engine
                ? new PolicyFolder.Valid(engine)
                : new PolicyFolder.Invalid($"{file} {fault}");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new PolicyFolder.Invalid($"{file} can't be read: {refused.GetType().Name}.");
        }
    }
}
