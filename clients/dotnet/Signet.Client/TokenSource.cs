using System.Net.Http.Json;

namespace Signet.Client;

/// <summary>
/// Access tokens of an agent. One is kept until 60 seconds before its end; however many ask at once, the server is asked once. Safe for concurrent use.
/// </summary>
/// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is the tenant's address.</param>
/// <param name="secret">The agent's.</param>
/// <param name="scope">Separated by spaces; null: all the agent has.</param>
/// <param name="time">Null: the machine's clock.</param>
public sealed class TokenSource(HttpClient http, AgentSecret secret, string? scope = null, TimeProvider? time = null) : IDisposable
{
    /// <summary>How long before its end a token is renewed.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromSeconds(60);

    private readonly TimeProvider clock = time ?? TimeProvider.System;
    private readonly SemaphoreSlim one = new(1, 1);
    private volatile Held? held;

    /// <summary>A token that holds for a minute at least, or for as long as the server gives them.</summary>
    /// <exception cref="SignetException">The agent gets none: <c>invalid_client</c> where its secret is wrong or revoked, or it was stopped.</exception>
    public async ValueTask<string> GetAsync(CancellationToken ct = default)
    {
        if (held is { } kept && clock.GetUtcNow() < kept.RenewAt)
        {
            return kept.Token;
        }

        await one.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (held is { } fresh && clock.GetUtcNow() < fresh.RenewAt)
            {
                return fresh.Token;
            }

            held = await AskAsync(ct).ConfigureAwait(false);
            return held.Token;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Forgets the token, so that the next is new: after a 401, or when the agent's scopes changed.</summary>
    public void Forget() => held = null;

    /// <inheritdoc />
    public void Dispose() => one.Dispose();

    private async Task<Held> AskAsync(CancellationToken ct)
    {
        var fields = new List<KeyValuePair<string, string>> { new("grant_type", "client_credentials") };
        if (scope is not null)
        {
            fields.Add(new("scope", scope));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token")
        {
            Content = new FormUrlEncodedContent(fields), Headers = { Authorization = Wire.BasicOf(secret) },
        };
        var asked = clock.GetUtcNow();
        using var answer = await Wire.CheckAsync(await http.SendAsync(request, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
        var token = await answer.Content.ReadFromJsonAsync(Json.Default.AccessToken, ct).ConfigureAwait(false);
        var life = TimeSpan.FromSeconds(token!.ExpiresIn);
        // Where tokens live no longer than a minute, half their life.
        return new Held(token.Value, asked + (life > 2 * Early ? life - Early : life / 2));
    }

    private sealed record Held(string Token, DateTimeOffset RenewAt);
}
