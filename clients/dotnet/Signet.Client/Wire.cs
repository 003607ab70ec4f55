using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Signet.Client;

/// <summary>Requests and answers, and the one place where a refusal becomes an exception.</summary>
/// <param name="http">Its base address is the tenant's.</param>
/// <param name="authenticate">What speaks for the caller at the API.</param>
/// <param name="secret">What speaks for the caller at the OAuth endpoints, where it is an agent.</param>
internal sealed class Wire(HttpClient http, Func<CancellationToken, ValueTask<AuthenticationHeaderValue>> authenticate, AgentSecret? secret)
{
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct) =>
        await SendAsync(HttpMethod.Get, path, null, type, ct).ConfigureAwait(false);

    public async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var answer = await SendAsync(method, path, content, ct).ConfigureAwait(false);
        return await answer.Content.ReadFromJsonAsync(type, ct).ConfigureAwait(false)
            ?? throw new SignetException("empty_answer", "The server answered with nothing.", answer.StatusCode, null);
    }

    public async Task RunAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct) =>
        (await SendAsync(method, path, content, ct).ConfigureAwait(false)).Dispose();

    /// <summary>A form of OAuth's, with the agent's secret as HTTP Basic (RFC 6749 §2.3.1).</summary>
    public async Task<T> PostFormAsync<T>(string path, IEnumerable<(string Name, string? Value)> fields, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var answer = await PostFormAsync(path, fields, ct).ConfigureAwait(false);
        return await answer.Content.ReadFromJsonAsync(type, ct).ConfigureAwait(false)
            ?? throw new SignetException("empty_answer", "The server answered with nothing.", answer.StatusCode, null);
    }

    public async Task<HttpResponseMessage> PostFormAsync(string path, IEnumerable<(string Name, string? Value)> fields, CancellationToken ct)
    {
        if (secret is null)
        {
            throw new InvalidOperationException("Only an agent with a secret calls this endpoint: make the client with SignetClient.AsAgent.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Name, field.Value!))),
            Headers = { Authorization = BasicOf(secret) },
        };
        return await CheckAsync(await http.SendAsync(request, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
    }

    internal static AuthenticationHeaderValue BasicOf(AgentSecret secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(secret.AgentId)}:{Uri.EscapeDataString(secret.Value)}")));

    /// <summary>The answer, where it is a success.</summary>
    internal static async Task<HttpResponseMessage> CheckAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw SignetException.Of(answer.StatusCode, answer.Headers.RetryAfter?.Delta, await answer.Content.ReadAsStringAsync(ct).ConfigureAwait(false));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = await authenticate(ct).ConfigureAwait(false);
        return await CheckAsync(await http.SendAsync(request, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
    }

    public static string Query(params IEnumerable<(string Name, string? Value)> parameters) => string.Join(
        '&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
}
