using Signet.Platform.Http;

namespace Signet.Server.Federation;

/// <summary>What can happen when a subordinate is to be enrolled or changed.</summary>
public abstract record SubordinateChange
{
    private SubordinateChange()
    {
    }

    public sealed record Done(Subordinate Subordinate) : SubordinateChange;

    /// <summary>Nothing was changed; this is what would be said.</summary>
    public sealed record Planned(StatementPreview Preview) : SubordinateChange;

    public sealed record Refused(Problem Problem) : SubordinateChange;
}
