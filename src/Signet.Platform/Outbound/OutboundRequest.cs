namespace Signet.Platform.Outbound;

/// <summary>What to ask of somebody else's server, and how much of an answer to take.</summary>
/// <param name="Url">Absolute, <c>https</c>, without user and password.</param>
public sealed record OutboundRequest(HttpMethod Method, string Url)
{
    private const int Mebibyte = 1024 * 1024;

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The media type of <see cref="Body"/>.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Bytes of the answer's body, after decompression.</summary>
    public int MaxBytes { get; init; } = Mebibyte;

    /// <summary>For everything together: waiting for a turn, connecting, redirects, the whole body.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For GET and HEAD only. Each hop is checked like the first; without this a redirect is an answer like any other.</summary>
    public bool FollowRedirects { get; init; }

    public static OutboundRequest Get(string url) => new(HttpMethod.Get, url);
}

/// <summary>What came of it.</summary>
public abstract record OutboundResult
{
    private OutboundResult()
    {
    }

    /// <summary>The server answered, with whatever status. Header names are without case; repeated headers are joined by commas.</summary>
    /// <param name="Url">Where the answer came from, after redirects.</param>
    public sealed record Answered(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, Uri Url) : OutboundResult
    {
        public bool IsSuccess => Status is >= 200 and < 300;
    }

    /// <summary>We did not ask.</summary>
    public sealed record Refused(OutboundRefusal Reason) : OutboundResult;

    /// <summary>No whole answer came: no such name, no connection, a bad certificate, a cut stream.</summary>
    /// <param name="Reason">One word for the log; never the peer's text.</param>
    public sealed record Failed(string Reason) : OutboundResult;

    public sealed record TooLarge : OutboundResult;

    public sealed record TimedOut : OutboundResult;
}

public enum OutboundRefusal
{
    NotAnUrl,

    /// <summary>Neither https nor, in development or for the operator's own addresses, http to this machine.</summary>
    Scheme,
    UserInfo,

    /// <summary>One of the name's addresses is not the public Internet.</summary>
    Address,
    TooManyRedirects,

    /// <summary>A redirect from https to http.</summary>
    Downgrade,
}
