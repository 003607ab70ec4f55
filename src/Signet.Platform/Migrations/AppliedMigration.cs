namespace Signet.Platform.Migrations;

/// <summary>A row of <c>schema_migrations</c>.</summary>
/// <param name="Status"><c>applied</c>, or <c>failed</c> and rolled back.</param>
public sealed record AppliedMigration(
    int Version, string Name, string Checksum, string Status, DateTimeOffset StartedAt, DateTimeOffset? CompletedAt)
{
    public bool IsApplied => Status == "applied";
}
