using Signet.Platform.Data;

namespace Signet.Server.Audit;

/// <summary>One row of the audit record as it is written: the content that is hashed, copies of what filters ask for, leaf hash and MAC.</summary>
internal sealed record AuditRecord(
    TenantId Tenant,
    Guid Id,
    DateTimeOffset RecordedAt,
    string Action,
    string Outcome,
    string ActorKind,
    string? ActorId,
    string TargetKind,
    string TargetId,
    string RequestId,
    byte[] Content,
    byte[] LeafHash,
    byte[] Mac,
    short MacVersion);
