using System.Text.RegularExpressions;

namespace Signet.Platform.Postgres;

/// <summary>A folder of PostgreSQL programs that run on this machine, and their major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    public const int Oldest = 14;

    private const string Debian = "/usr/lib/postgresql";

    public string Postgres => Path.Combine(Folder, "postgres");

    public string InitDb => Path.Combine(Folder, "initdb");

    /// <param name="made">The version that made the cluster, which alone can open it; null for a new one.</param>
    public static PostgresBinaries Find(PrivateClusterOptions options, int? made)
    {
        List<string> refused = [];
        foreach (var folder in Candidates(options))
        {
            if (Look(folder, refused) is { } found)
            {
                if (found.Major < Oldest)
                {
                    refused.Add($"{folder} has version {found.Major}, older than {Oldest}");
                }
                else if (made is not null && found.Major != made)
                {
                    refused.Add($"{folder} has version {found.Major}");
                }
                else
                {
                    return found;
                }
            }
        }

        var looked = refused is [] ? "none was found" : string.Join("; ", refused);
        throw new StartRefusedException(made is null
            ? $"No usable PostgreSQL: {looked}. Install it (`apt install postgresql`), name its folder in SIGNET_PG_BIN, or give an external database in DATABASE_URL."
            : $"The database in {options.DataFolder} was made by PostgreSQL {made} and needs it: {looked}. Install postgresql-{made}, or name its folder in SIGNET_PG_BIN.");
    }

    private static IEnumerable<string> Candidates(PrivateClusterOptions options)
    {
        if (options.BinFolder is { } named)
        {
            return [named];
        }

        var debian = !Directory.Exists(Debian) ? [] : Directory.GetDirectories(Debian)
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var major) ? major : 0)
            .Select(version => Path.Combine(version, "bin"));
        var packages = options.PackageFolders
            .Select(modules => Path.Combine(modules, "@embedded-postgres"))
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .Select(package => Path.Combine(package, "native", "bin"));
        return [.. debian, .. options.SearchPath.Split(':', StringSplitOptions.RemoveEmptyEntries), .. packages];
    }

    private static PostgresBinaries? Look(string folder, List<string> refused)
    {
        foreach (var program in new[] { "postgres", "initdb" })
        {
            if (!File.Exists(Path.Combine(folder, program)))
            {
                if (Directory.Exists(folder) && File.Exists(Path.Combine(folder, "psql")))
                {
                    refused.Add($"{folder} has no {program}");
                }

                return null;
            }
        }

        try
        {
            var (code, output) = Launch.Run(Path.Combine(folder, "postgres"), ["--version"]);
            if (code == 0 && Version().Match(output) is { Success: true } version)
            {
                return new PostgresBinaries(folder, int.Parse(version.Groups["major"].ValueSpan));
            }

            refused.Add($"{folder}/postgres does not run ({output.Trim().ReplaceLineEndings(" ")})");
        }
        catch (System.ComponentModel.Win32Exception unreadable)
        {
            refused.Add($"{folder}/postgres cannot be run: {unreadable.Message}");
        }

        return null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Version();
}
