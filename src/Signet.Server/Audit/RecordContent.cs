namespace Signet.Server.Audit;

/// <summary>The canonical JSON of a record.</summary>
internal static class RecordContent
{
    /// <summary>Of the shape of the content.</summary>
    public const int Version = 1;
}
