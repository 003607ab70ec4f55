namespace Signet.Server.Federation;

/// <summary>Whether somebody has decided.</summary>
public enum MarkRequestState
{
    Pending,
    Approved,
    Denied,
}

/// <summary>A trust mark a subordinate asked for.</summary>
/// <param name="Subject">Who asked, and proved it with its key.</param>
/// <param name="Note">What it said.</param>
/// <param name="Reason">What whoever denied it said.</param>
public sealed record MarkRequest(
    TrustMarkRequestId Id,
    TrustMarkTypeId TypeId,
    string Type,
    string Subject,
    MarkRequestState State,
    string? Note,
    DateTimeOffset? DecidedAt,
    string? Reason,
    DateTimeOffset CreatedAt);
