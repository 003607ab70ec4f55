using Signet.Platform.Data;

namespace Signet.Server.Audit.Storage;

/// <summary>Adds records. Many go in one statement, a column an array.</summary>
internal static class AuditEvents
{
    public const string Insert = """
        insert into audit_events (tenant_id, id, recorded_at, action, outcome, actor_kind, actor_id, target_kind, target_id, request_id,
                                  content, leaf_hash, mac, mac_version)
        select * from unnest(@tenants::uuid[], @ids::uuid[], @times::timestamptz[], @actions::text[], @outcomes::text[], @actor_kinds::text[],
                             @actor_ids::text[], @target_kinds::text[], @target_ids::text[], @request_ids::text[],
                             @contents::bytea[], @leaves::bytea[], @macs::bytea[], @mac_versions::smallint[])
        """;

    /// <summary>The records commit with the transaction, in its last round trip.</summary>
    public static void AddWithCommit(Tx tx, IReadOnlyList<AuditRecord> records) => tx.Defer(Insert, new
    {
        tenants = Column(records, r => r.Tenant.Value),
        ids = Column(records, r => r.Id),
        times = Column(records, r => r.RecordedAt),
        actions = Column(records, r => r.Action),
        outcomes = Column(records, r => r.Outcome),
        actor_kinds = Column(records, r => r.ActorKind),
        actor_ids = Column(records, r => r.ActorId),
        target_kinds = Column(records, r => r.TargetKind),
        target_ids = Column(records, r => r.TargetId),
        request_ids = Column(records, r => r.RequestId),
        contents = Column(records, r => r.Content),
        leaves = Column(records, r => r.LeafHash),
        macs = Column(records, r => r.Mac),
        mac_versions = Column(records, r => r.MacVersion),
    });

    private static T[] Column<T>(IReadOnlyList<AuditRecord> records, Func<AuditRecord, T> of)
    {
        var column = new T[records.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = of(records[i]);
        }

        return column;
    }
}
