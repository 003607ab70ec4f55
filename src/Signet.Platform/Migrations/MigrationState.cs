namespace Signet.Platform.Migrations;

/// <summary>How the schema of a database stands to this build. Only <see cref="UpToDate"/> may be served.</summary>
public abstract record MigrationState
{
    private MigrationState()
    {
    }

    /// <summary>One line for the operator: what is the matter, and what to do.</summary>
    public abstract string Advice { get; }

    public sealed record UpToDate(int Version) : MigrationState
    {
        public override string Advice => $"The schema is at version {Version:0000}.";
    }

    /// <summary>This build brings steps that have not run yet.</summary>
    public sealed record Pending(IReadOnlyList<Migration> Migrations) : MigrationState
    {
        public override string Advice =>
            $"The schema lacks {string.Join(", ", Migrations)}; run `signet migrate up`.";
    }

    /// <summary>A newer build has migrated this database.</summary>
    public sealed record TooNew(int Version) : MigrationState
    {
        public override string Advice =>
            $"The schema has migration {Version:0000}, which this version of signet does not know; run the version that made it, or a later one.";
    }

    /// <summary>A step that was applied is not the step this build brings under its number.</summary>
    public sealed record Altered(int Version) : MigrationState
    {
        public override string Advice =>
            $"Migration {Version:0000} was edited after it had been applied to this database; restore the file, and put the change into a new migration.";
    }

    /// <summary>A step failed and was rolled back; running again repeats it.</summary>
    public sealed record Failed(int Version, string Name) : MigrationState
    {
        public override string Advice =>
            $"Migration {Version:0000}_{Name} failed and was rolled back; see its error in the log, mend the cause and run `signet migrate up`.";
    }
}
