using System.Security.Cryptography;
using Signet.OAuth;
using Signet.Platform.Crypto;

namespace Signet.Server.Agents;

/// <summary>Secrets of agents: 256 random bits with prefix and checksum, kept as a keyed hash, or in <see cref="Vault"/>.</summary>
public static class AgentSecrets
{
    private static readonly SecretKind Kind = new("agent-secret");

    /// <summary>The credential a secret is of, among those whose hash is kept here; null for none that holds. The same time for every wrong secret of the right form.</summary>
    public static CredentialId? Find(SecretHash hash, Agent agent, string presented, DateTimeOffset now)
    {
        if (!TokenFormat.AgentSecret.IsToken(presented))
        {
            return null;
        }

        CredentialId? found = null;
        var presentedHash = hash.Of(Kind, presented);
        foreach (var credential in agent.Credentials)
        {
            // Both are compared for every credential, so that the time does not tell which it was.
            var current = CryptographicOperations.FixedTimeEquals(presentedHash, credential.Hash ?? []);
            var previous = CryptographicOperations.FixedTimeEquals(presentedHash, credential.PreviousHash ?? []) & credential.PreviousUntil > now;
            if ((current | previous) & credential.Holds(now))
            {
                found = credential.Id;
            }
        }

        return found;
    }

    /// <summary>Why a secret proves nothing, for the record alone.</summary>
    /// <param name="all">Every credential of the agent, revoked or not.</param>
    internal static string Explain(SecretHash hash, IReadOnlyList<Credential> all, string presented, DateTimeOffset now)
    {
        if (!TokenFormat.AgentSecret.IsToken(presented))
        {
            return "wrong_secret";
        }

        var (reason, presentedHash) = ("wrong_secret", hash.Of(Kind, presented));
        foreach (var credential in all)
        {
            var current = CryptographicOperations.FixedTimeEquals(presentedHash, credential.Hash ?? []);
            var previous = CryptographicOperations.FixedTimeEquals(presentedHash, credential.PreviousHash ?? []);
            if (current | previous)
            {
                reason = credential.State is CredentialState.Revoked ? "credential_revoked"
                    : credential.ExpiresAt <= now ? "credential_expired"
                    : "secret_rotated";
            }
        }

        return reason;
    }

    /// <summary>The secret, and how it begins.</summary>
    internal static (string Secret, string Hint) Make()
    {
        var secret = TokenFormat.AgentSecret.Make();
        return (secret, HintOf(secret));
    }

    internal static byte[] HashOf(SecretHash hash, string secret) => hash.Of(Kind, secret);

    internal static string HintOf(string secret) => secret[..(TokenFormat.AgentSecret.Prefix.Length + 4)];
}
