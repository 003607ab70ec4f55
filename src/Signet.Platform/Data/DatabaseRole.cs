namespace Signet.Platform.Data;

/// <summary>Who a connection is to PostgreSQL.</summary>
public enum DatabaseRole
{
    /// <summary>Row security on, no DDL, the audit log only to insert and read.</summary>
    Application,

    /// <summary>Sees every tenant through row policies of its own; for workers and the platform's own tables.</summary>
    System,

    /// <summary>Owns the schema; for migrations and copies only.</summary>
    Owner,
}
