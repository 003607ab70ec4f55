namespace Signet.Server.Keys;

/// <summary>The life of a signing key; it only ever moves down this list.</summary>
public enum KeyState
{
    /// <summary>Published, so that everybody has it before the first signature; signs nothing yet.</summary>
    Announced,

    /// <summary>Signs.</summary>
    Active,

    /// <summary>Signs nothing any more; published until the last thing it signed has expired.</summary>
    Retiring,

    /// <summary>Not published; what it signed is not believed. Its private half is gone.</summary>
    Retired,
}

/// <summary>When keys move. Not for choosing: the lead must outlast every cache of the key set, the overlap every token.</summary>
public static class KeyLife
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan Active = TimeSpan.FromDays(90);

    /// <summary>How long a key is published before it signs; relying parties keep the key set for <see cref="CacheFor"/>.</summary>
    public static readonly TimeSpan Lead = TimeSpan.FromDays(1);

    /// <summary>How long a key stays published after its last signature; no token of ours lives longer than a day.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(25);

    /// <summary>How long others may keep the key set.</summary>
    public static readonly TimeSpan CacheFor = TimeSpan.FromHours(1);
}
