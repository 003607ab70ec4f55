using System.Net.Http.Json;

namespace Signet.Client;

/// <summary>How agents show who they are. Every call throws <see cref="SignetException"/> where the server refuses.</summary>
public sealed class CredentialsApi
{
    private readonly Wire wire;

    internal CredentialsApi(Wire wire) => this.wire = wire;

    /// <summary>A further secret; those it has hold on, so that every instance can change over.</summary>
    /// <param name="expiresAt">Null: until it is revoked.</param>
    public Task<MadeCredential> GenerateAsync(string agentId, DateTimeOffset? expiresAt = null, CancellationToken ct = default) =>
        wire.SendAsync(HttpMethod.Post, At(agentId), JsonContent.Create(new CredentialWish(expiresAt), Json.Default.CredentialWish), Json.Default.MadeCredential, ct);

    /// <summary>All of an agent, newest first.</summary>
    public async Task<IReadOnlyList<Credential>> ListAsync(string agentId, CancellationToken ct = default) =>
        (await wire.GetAsync(At(agentId), Json.Default.CredentialList, ct).ConfigureAwait(false)).Credentials;

    /// <summary>A new secret. The tokens it got live on.</summary>
    /// <param name="grace">How long the old secret holds still, at most a week; null: it ends now.</param>
    public Task<MadeCredential> RotateAsync(string agentId, string credentialId, TimeSpan? grace = null, CancellationToken ct = default) => wire.SendAsync(
        HttpMethod.Post, $"{At(agentId)}/{Uri.EscapeDataString(credentialId)}/rotate",
        JsonContent.Create(new Rotation((int)(grace?.TotalSeconds ?? 0)), Json.Default.Rotation), Json.Default.MadeCredential, ct);

    /// <summary>Ends it, and every token it got, at once.</summary>
    public Task RevokeAsync(string agentId, string credentialId, CancellationToken ct = default) =>
        wire.RunAsync(HttpMethod.Delete, $"{At(agentId)}/{Uri.EscapeDataString(credentialId)}", null, ct);

    private static string At(string agentId) => $"{AgentsApi.At(agentId)}/credentials";
}

internal sealed record CredentialWish(DateTimeOffset? ExpiresAt);

internal sealed record CredentialList(IReadOnlyList<Credential> Credentials);

internal sealed record Rotation(int GraceSeconds);
