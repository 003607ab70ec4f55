using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Signet.Platform.Http;

/// <summary>How much a caller may make us read. Every limit answers with a 4xx: 413 for a body, 431 for headers, 414 for the request line.</summary>
public static class BodyLimits
{
    /// <summary>What a body may weigh where no group or endpoint says otherwise.</summary>
    public const long Ordinary = 64 * 1024;

    private const int HeaderBytes = 32 * 1024;
    private const int HeaderCount = 64;
    private const int LineBytes = 8 * 1024;
    private const int FormFields = 128;
    private const int FormKeyBytes = 256;

    /// <summary>The limit of this group or endpoint; the innermost counts.</summary>
    public static TBuilder LimitsBody<TBuilder>(this TBuilder endpoints, long bytes) where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new BodyLimit(bytes)).WithFormOptions(valueCountLimit: FormFields, keyLengthLimit: FormKeyBytes, valueLengthLimit: (int)Math.Min(bytes, int.MaxValue));

    /// <summary>The server's own limits, and no name of ours in its answers.</summary>
    public static void LimitRequests(this KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = Ordinary;
        server.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        server.Limits.MaxRequestHeaderCount = HeaderCount;
        server.Limits.MaxRequestLineSize = LineBytes;
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
    }

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
