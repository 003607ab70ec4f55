using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Settings;
using Signet.Server.Setup.Storage;

namespace Signet.Server.Setup;

/// <summary>
/// The one-time token of the first run: proof that whoever opens the page has the machine. Computed from a random number in the database and a secret
/// of the host, so that every start prints the same link and a copy of the database gives nobody one.
/// </summary>
public sealed class SetupToken(Db db, HostSettings settings, DerivedKeys keys)
{
    /// <summary>The token while setup is open; null where it is done or not enabled.</summary>
    public async Task<string?> FindAsync(CancellationToken ct)
    {
        if (!settings.EnableSetup)
        {
            return null;
        }

        var row = await db.InTenantAsync(TenantId.Default, async tx =>
        {
            await SetupRow.EnsureAsync(tx, RandomNumberGenerator.GetBytes(32), ct);
            return await SetupRow.GetAsync(tx, ct);
        }, ct);
        return row.CompletedAt is null ? TokenOf(row.Seed) : null;
    }

    /// <summary>Whether this is the token. The same time for every wrong one.</summary>
    public static bool Matches(string token, string? presented) =>
        presented is { Length: <= 100 }
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(presented));

    private string TokenOf(byte[] seed) => Base64Url.EncodeToString(HMACSHA256.HashData(keys.For(KeyPurpose.SetupToken), seed));
}
