using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Signet.Server.Agents;
using Signet.Server.Delegations;

namespace Signet.Server.OAuth;

/// <summary>What an agent's token hangs on: the credential that got it, and the epoch of the agent it was issued in.</summary>
internal readonly record struct AgentProof(CredentialId Credential, int Epoch);

/// <summary>
/// The <c>jti</c> of an access token: 16 random bytes, and before them what the token can be tied to without a row of its own: the grant's id where
/// a person stands behind it, epoch and credential where an agent does, the hand-over's id where somebody acts for another. Its length says which.
/// Opaque to everybody else.
/// </summary>
internal static class TokenId
{
    private const int RandomBytes = 16;
    private const int GrantBytes = 16;
    private const int EpochBytes = 4;
    private const int CredentialBytes = 16;
    // One byte keeps its length apart from a grant's.
    private const int DelegationBytes = 1 + 16;
    private const int OfDelegation = DelegationBytes + RandomBytes;
    private const int OfGrant = GrantBytes + RandomBytes;
    private const int OfAgent = EpochBytes + CredentialBytes + RandomBytes;

    public static string New()
    {
        Span<byte> bytes = stackalloc byte[RandomBytes];
        return Finish(bytes, bytes);
    }

    public static string New(GrantId grant)
    {
        Span<byte> bytes = stackalloc byte[OfGrant];
        grant.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Finish(bytes, bytes[GrantBytes..]);
    }

    public static string New(AgentProof proof)
    {
        Span<byte> bytes = stackalloc byte[OfAgent];
        BinaryPrimitives.WriteInt32BigEndian(bytes, proof.Epoch);
        proof.Credential.Value.TryWriteBytes(bytes[EpochBytes..], bigEndian: true, out _);
        return Finish(bytes, bytes[(EpochBytes + CredentialBytes)..]);
    }

    public static string New(DelegationId delegation)
    {
        Span<byte> bytes = stackalloc byte[OfDelegation];
        bytes[0] = 1;
        delegation.Value.TryWriteBytes(bytes[1..], bigEndian: true, out _);
        return Finish(bytes, bytes[DelegationBytes..]);
    }

    /// <summary>The hand-over a token hangs on; null where nobody acts for another.</summary>
    public static DelegationId? DelegationOf(string tokenId)
    {
        Span<byte> bytes = stackalloc byte[OfAgent];
        return Base64Url.TryDecodeFromChars(tokenId, bytes, out var length) && length == OfDelegation
            ? new DelegationId(new Guid(bytes[1..DelegationBytes], bigEndian: true))
            : null;
    }

    /// <summary>The grant a token came of; null where a program speaks for itself.</summary>
    public static GrantId? GrantOf(string tokenId)
    {
        Span<byte> bytes = stackalloc byte[OfAgent];
        return Base64Url.TryDecodeFromChars(tokenId, bytes, out var length) && length == OfGrant
            ? new GrantId(new Guid(bytes[..GrantBytes], bigEndian: true))
            : null;
    }

    /// <summary>What an agent's token hangs on; null where it is no agent's.</summary>
    public static AgentProof? AgentOf(string tokenId)
    {
        Span<byte> bytes = stackalloc byte[OfAgent];
        return Base64Url.TryDecodeFromChars(tokenId, bytes, out var length) && length == OfAgent
            ? new AgentProof(
                new CredentialId(new Guid(bytes.Slice(EpochBytes, CredentialBytes), bigEndian: true)), BinaryPrimitives.ReadInt32BigEndian(bytes))
            : null;
    }

    private static string Finish(ReadOnlySpan<byte> bytes, Span<byte> random)
    {
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(bytes);
    }
}
