using System.Buffers;
using System.Collections;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Signet.Platform.Http;

/// <summary>
/// The reference people can quote: the same in the answer, its <c>X-Request-Id</c> header, every log line, the trace and the audit record.
/// A caller cannot choose it, unless the caller is a trusted proxy.
/// </summary>
public sealed class RequestId : IReadOnlyList<KeyValuePair<string, object?>>
{
    public const string Header = "X-Request-Id";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    // Crockford's letters in lower case: nothing in an id read out on the telephone can be mistaken for something else.
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int RandomBytes = 15;
    private const int PooledIds = 64;

    // Asking the system for randomness costs a microsecond; an id is no secret, so that a thread may ask for many at once.
    [ThreadStatic]
    private static byte[]? pool;

    [ThreadStatic]
    private static int used;

    private RequestId(string value) => Value = value;

    public string Value { get; }

    /// <summary>Who the log lines of this request belong to; set as soon as it is known.</summary>
    public string? Tenant { get; set; }

    public int Count => Tenant is null ? 1 : 2;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("request_id", Value),
        1 => new("tenant", Tenant),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public static RequestId Of(HttpContext context) =>
        context.Features.Get<RequestId>() ?? throw new InvalidOperationException("The request id is made by a middleware that has not run.");

    /// <summary>A new id outside a request: a job, a command. 24 letters and digits, 120 random bits.</summary>
    public static string New()
    {
        if (pool is null || used == PooledIds)
        {
            pool = RandomNumberGenerator.GetBytes(RandomBytes * PooledIds);
            used = 0;
        }

        var bytes = pool.AsSpan(RandomBytes * used++, RandomBytes);
        Span<char> text = stackalloc char[RandomBytes * 8 / 5];
        var (bits, held, next) = (0, 0, 0);
        foreach (var value in bytes)
        {
            bits = (bits << 8) | value;
            for (held += 8; held >= 5; held -= 5)
            {
                text[next++] = Letters[(bits >> (held - 5)) & 31];
            }

            bits &= (1 << held) - 1;
        }

        return new string(text);
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => Value;

    internal static RequestId Begin(HttpContext context)
    {
        var sent = ClientAddress.Of(context).ThroughProxy ? context.Request.Headers[Header].ToString() : "";
        var id = new RequestId(sent is { Length: >= 8 and <= 64 } && !sent.AsSpan().ContainsAnyExcept(Allowed) ? sent : New());
        context.Features.Set(id);
        context.TraceIdentifier = id.Value;
        return id;
    }
}

/// <summary>Gives every request its <see cref="RequestId"/> and puts it around all it logs.</summary>
public static class NameRequests
{
    /// <summary>Comes after <see cref="DecideClientAddress"/>, before everything that may answer.</summary>
    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Signet.Http");
        return app.Use(next => async context =>
        {
            using (log.BeginScope(RequestId.Begin(context)))
            {
                await next(context);
            }
        });
    }
}
