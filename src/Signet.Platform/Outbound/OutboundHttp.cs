using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;

namespace Signet.Platform.Outbound;

/// <param name="Development">Allows this machine's own loopback addresses, also over http. Nothing else changes.</param>
/// <param name="Concurrency">Requests under way at once; more wait for their turn, inside their time limit.</param>
/// <param name="Reach">Whose addresses these are. One door has one reach: doors share no connections, so that nobody's address rides on the operator's.</param>
public sealed record OutboundOptions(
    bool Development, int Concurrency = 64, int ConnectionsPerHost = 8, OutboundReach Reach = OutboundReach.Public);

/// <summary>Which addresses a door opens to.</summary>
public enum OutboundReach
{
    /// <summary>For every URL that a tenant, a client or a document chose: public addresses over https.</summary>
    Public,

    /// <summary>For an address out of the host's settings alone: any address over https, and this machine's own over http as well.</summary>
    Operator,
}

/// <summary>
/// The one door to other servers, for every URL that somebody else chose, and by <see cref="OutboundReach.Operator"/> for the operator's own. https to checked public addresses; no proxy, no cookies, no credentials
/// of ours, no trace headers; bounded in time, size and number. Never throws for what the other side does.
/// </summary>
public sealed class OutboundHttp : IDisposable
{
    private const int MaxRedirects = 5;
    private const int HeaderKilobytes = 32;
    private readonly bool plainAllowed;
    private readonly CheckedConnections connections;
    private readonly HttpMessageInvoker invoker;
    private readonly SemaphoreSlim turns;

    public OutboundHttp(OutboundOptions options, ResolveName? resolve = null)
    {
        plainAllowed = options.Development || options.Reach is OutboundReach.Operator;
        turns = new SemaphoreSlim(options.Concurrency);
        connections = new CheckedConnections(options.Development, options.Reach, resolve ?? Dns.GetHostAddressesAsync);
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = connections.OpenAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            // What is counted is what comes out, so that a small answer cannot become a large one.
            AutomaticDecompression = DecompressionMethods.All,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxConnectionsPerServer = options.ConnectionsPerHost,
            MaxResponseHeadersLength = HeaderKilobytes,
            MaxResponseDrainSize = 0,
            // A name whose address has changed is asked again after this.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            SslOptions = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 },
        });
    }

    /// <summary>
    /// What can be told of a URL before it is asked, for who takes one in to ask it later: spelling, scheme, an address that stands in it.
    /// Where a name leads is looked at when it is asked. Null: nothing is in the way yet.
    /// </summary>
    public OutboundRefusal? Check(string text)
    {
        if (OutboundUrl.Check(text, plainAllowed, out var url) is { } refusal)
        {
            return refusal;
        }

        var plain = url.Scheme is "http";
        return IPAddress.TryParse(url.DnsSafeHost, out var address)
            ? connections.IsAllowed(address, plain) ? null : OutboundRefusal.Address
            : plain && !url.IsLoopback && !url.Host.EndsWith(".localhost", StringComparison.Ordinal) ? OutboundRefusal.Scheme
            : null;
    }

    public async Task<OutboundResult> SendAsync(OutboundRequest request, CancellationToken ct)
    {
        if (OutboundUrl.Check(request.Url, plainAllowed, out var url) is { } refusal)
        {
            return new OutboundResult.Refused(refusal);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(request.Timeout);
        var turn = false;
        try
        {
            await turns.WaitAsync(limit.Token);
            turn = true;
            return await FollowAsync(request, url, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new OutboundResult.TimedOut();
        }
        catch (HttpRequestException failed)
        {
            return failed.InnerException is AddressRefusedException
                ? new OutboundResult.Refused(OutboundRefusal.Address)
                : new OutboundResult.Failed(failed.HttpRequestError.ToString());
        }
        // A stream that breaks in the body, or is not what its Content-Encoding says.
        catch (Exception failed) when (failed is IOException or InvalidDataException)
        {
            return new OutboundResult.Failed("Body");
        }
        finally
        {
            if (turn)
            {
                turns.Release();
            }
        }
    }

    public void Dispose()
    {
        invoker.Dispose();
        turns.Dispose();
    }

    private async Task<OutboundResult> FollowAsync(OutboundRequest request, Uri url, CancellationToken ct)
    {
        var start = url;
        for (var hop = 0; ; hop++)
        {
            using var message = Make(request, url, sameOrigin: IsSameOrigin(start, url));
            using var response = await invoker.SendAsync(message, ct);
            if (!request.FollowRedirects || !IsRedirect(response) || !(request.Method == HttpMethod.Get || request.Method == HttpMethod.Head))
            {
                return await ReadAsync(response, url, request.MaxBytes, ct);
            }

            if (hop == MaxRedirects)
            {
                return new OutboundResult.Refused(OutboundRefusal.TooManyRedirects);
            }

            if (OutboundUrl.CheckRedirect(url, response.Headers.GetValues("Location").First(), plainAllowed, out var next) is { } refusal)
            {
                return new OutboundResult.Refused(refusal);
            }

            url = next;
        }
    }

    // What the caller says about itself is meant for the server it named; another one gets the bare request.
    private static HttpRequestMessage Make(OutboundRequest request, Uri url, bool sameOrigin)
    {
        var message = new HttpRequestMessage(request.Method, url);
        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(request.ContentType) } };
        }

        foreach (var (name, value) in request.Headers)
        {
            if (sameOrigin || name.Equals("Accept", StringComparison.OrdinalIgnoreCase))
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        message.Headers.TryAddWithoutValidation("User-Agent", "Signet");
        return message;
    }

    private static async Task<OutboundResult> ReadAsync(HttpResponseMessage response, Uri url, int maxBytes, CancellationToken ct)
    {
        // A length that is known to be too much is not read at all.
        if (response.Content.Headers.ContentLength > maxBytes)
        {
            return new OutboundResult.TooLarge();
        }

        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                return new OutboundResult.TooLarge();
            }

            body.Write(buffer, 0, read);
        }

        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new OutboundResult.Answered((int)response.StatusCode, headers, body.ToArray(), url);
    }

    private static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Contains("Location");

    private static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Authority == b.Authority;
}
