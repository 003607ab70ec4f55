using System.Collections.Concurrent;
using System.Security.Cryptography;
using Signet.OAuth;
using Signet.Platform.Cache;
using Signet.Platform.Crypto;

namespace Signet.Server.Agents;

/// <summary>What came of a secret.</summary>
/// <param name="Credential">Whose it is; null where it proves nothing.</param>
/// <param name="IsUnknown">Vault, which alone could tell, did not answer.</param>
public readonly record struct SecretProof(CredentialId? Credential, bool IsUnknown);

/// <summary>
/// Finds the credential a secret is of, wherever it is kept. Of one in Vault this node keeps the keyed hash for a minute, under its version: which version
/// holds is for the agent's row to say, so that a copy outlives neither a rotation nor a revocation.
/// </summary>
public sealed class ProveSecret(SecretHash hash, Vault vault, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly BoundedMap<(CredentialId Credential, int Version), Copy> copies = new(20_000);
    private readonly ConcurrentDictionary<(CredentialId Credential, int Version), Lazy<Task<Copy?>>> flights = new();

    public async ValueTask<SecretProof> RunAsync(Agent agent, string presented, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        // What is kept here holds whether Vault answers or not.
        if (AgentSecrets.Find(hash, agent, presented, now) is { } here)
        {
            return new SecretProof(here, false);
        }

        if (!TokenFormat.AgentSecret.IsToken(presented))
        {
            return default;
        }

        var (hint, presentedHash) = (AgentSecrets.HintOf(presented), AgentSecrets.HashOf(hash, presented));
        CredentialId? found = null;
        var unknown = false;
        foreach (var credential in agent.Credentials.Where(own => own.Vault is not null && own.Holds(now)))
        {
            // How a secret begins is no secret, and spares the others being fetched.
            if (credential.Hint == hint)
            {
                await CompareAsync(credential.Vault!.Version);
            }

            if (credential.Vault!.Previous is { } previous && credential.PreviousUntil > now)
            {
                await CompareAsync(previous);
            }

            async ValueTask CompareAsync(int version)
            {
                var kept = await FindAsync(credential, version, now, ct);
                unknown |= kept is null;
                if (CryptographicOperations.FixedTimeEquals(presentedHash, kept ?? []))
                {
                    found = credential.Id;
                }
            }
        }

        return new SecretProof(found, found is null && unknown);
    }

    // Null where Vault does not say; empty where it says that the version is destroyed.
    private async ValueTask<byte[]?> FindAsync(Credential credential, int version, DateTimeOffset now, CancellationToken ct)
    {
        var key = (credential.Id, version);
        if (copies.TryGet(key, out var copy) && now - copy.ReadAt < Fresh)
        {
            return copy.Hash;
        }

        // Shared by all who wait for it, so it is not cancelled with any one of them; the door's own limit ends it.
        var read = await flights.GetOrAdd(key, _ => new Lazy<Task<Copy?>>(() => FlyAsync(key, credential.Vault!.Path))).Value.WaitAsync(ct);
        return read?.Hash;
    }

    private async Task<Copy?> FlyAsync((CredentialId Credential, int Version) key, string path)
    {
        try
        {
            Copy? copy = await vault.ReadAsync(path, key.Version, CancellationToken.None) switch
            {
                VaultReading.Found found => new Copy(AgentSecrets.HashOf(hash, found.Secret), time.GetUtcNow()),
                VaultReading.Gone => new Copy([], time.GetUtcNow()),
                _ => null,
            };
            if (copy is not null)
            {
                copies.Set(key, copy);
            }

            return copy;
        }
        finally
        {
            flights.TryRemove(key, out _);
        }
    }

    private sealed record Copy(byte[] Hash, DateTimeOffset ReadAt);
}
