using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Signet.Platform.Crypto;

namespace Signet.Server.Passwords.Hashing;

/// <param name="Cost">What new hashes cost; stored ones that cost less are reported for upgrade.</param>
/// <param name="Threads">How many hashes are made at once: the number of cores, as each keeps one busy.</param>
/// <param name="QueueLength">How many may wait. Beyond it the answer is Busy at once, so that a flood costs neither memory nor the others' patience.</param>
public sealed record PasswordHashingOptions(Argon2Cost Cost, int Threads, int QueueLength)
{
    public static PasswordHashingOptions For(Argon2Cost cost) => new(cost, Environment.ProcessorCount, 32 * Environment.ProcessorCount);
}

/// <summary>What came of hashing a new password.</summary>
public abstract record PasswordHashed
{
    private PasswordHashed()
    {
    }

    /// <param name="Text">What to store.</param>
    public sealed record Hashed(string Text) : PasswordHashed
    {
        public override string ToString() => "[secret]";
    }

    /// <summary>Shorter than 12 code points.</summary>
    public sealed record TooShort : PasswordHashed;

    /// <summary>Longer than 256 code points, or not Unicode text.</summary>
    public sealed record TooLong : PasswordHashed;

    /// <summary>Too many are waiting; answer 503 and try later.</summary>
    public sealed record Busy : PasswordHashed;
}

/// <summary>Whether a password is the stored one.</summary>
public abstract record PasswordCheck
{
    private PasswordCheck()
    {
    }

    /// <param name="NeedsUpgrade">The stored hash costs less than a new one would: hash again and store that.</param>
    public sealed record Right(bool NeedsUpgrade) : PasswordCheck;

    public sealed record Wrong : PasswordCheck;

    /// <summary>The stored text is no hash that we can verify; to the outside it is <see cref="Wrong"/>, and it took as long.</summary>
    public sealed record Unsupported : PasswordCheck;

    /// <summary>Too many are waiting; answer 503 and try later.</summary>
    public sealed record Busy : PasswordCheck;
}

/// <summary>
/// Hashes and verifies passwords, as many at once as there are cores, on threads of its own: hashing never keeps the thread pool from other requests.
/// An unknown account costs what a known one does.
/// </summary>
public sealed class PasswordHashing : IDisposable
{
    private readonly BlockingCollection<Action> queue;
    private readonly Argon2Cost cost;
    private readonly Argon2Hash nobody;
    private readonly PasswordMetrics? metrics;

    /// <param name="metrics">Null: nobody counts.</param>
    public PasswordHashing(PasswordHashingOptions options, PasswordMetrics? metrics = null)
    {
        this.metrics = metrics;
        cost = options.Cost;
        nobody = new Argon2Hash(cost, RandomNumberGenerator.GetBytes(Argon2id.SaltLength), RandomNumberGenerator.GetBytes(Argon2id.HashLength));
        queue = new BlockingCollection<Action>(options.QueueLength);
        for (var i = 0; i < options.Threads; i++)
        {
            new Thread(Work) { IsBackground = true, Name = "password hashing" }.Start();
        }
    }

    public async Task<PasswordHashed> HashAsync(string password, CancellationToken ct)
    {
        if (PasswordText.TryPrepare(password) is not { } bytes)
        {
            return password.Length == 0 ? new PasswordHashed.TooShort() : new PasswordHashed.TooLong();
        }

        try
        {
            return PasswordText.CountCodePoints(bytes) switch
            {
                < PasswordText.Shortest => new PasswordHashed.TooShort(),
                > PasswordText.Longest => new PasswordHashed.TooLong(),
                _ => TryEnqueue(() => Argon2id.Hash(bytes, cost).ToString(), out var hashing, ct)
                    ? new PasswordHashed.Hashed(await hashing)
                    : new PasswordHashed.Busy(),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <param name="stored">Null where there is no such account, or it has no password.</param>
    public async Task<PasswordCheck> VerifyAsync(string password, string? stored, CancellationToken ct)
    {
        // No account has such a password, so this answer tells nothing of any.
        if (PasswordText.TryPrepare(password) is not { } bytes)
        {
            return new PasswordCheck.Wrong();
        }

        try
        {
            var hash = Argon2Hash.TryParse(stored);
            if (!TryEnqueue(() => Argon2id.Verify(hash ?? nobody, bytes), out var verifying, ct))
            {
                return new PasswordCheck.Busy();
            }

            var matches = await verifying;
            return hash switch
            {
                null when stored is null => new PasswordCheck.Wrong(),
                null => new PasswordCheck.Unsupported(),
                _ when matches => new PasswordCheck.Right(hash.NeedsUpgrade(cost)),
                _ => new PasswordCheck.Wrong(),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public void Dispose() => queue.CompleteAdding();

    private bool TryEnqueue<T>(Func<T> hash, out Task<T> result, CancellationToken ct)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        result = done.Task;
        return queue.TryAdd(Run, millisecondsTimeout: 0, CancellationToken.None);

        void Run()
        {
            // Whoever asked may have gone while this waited; what began is ended, so that nobody reads the bytes after they were wiped.
            if (ct.IsCancellationRequested)
            {
                done.SetCanceled(ct);
                return;
            }

            try
            {
                var begun = Stopwatch.GetTimestamp();
                var made = hash();
                metrics?.Hashed(Stopwatch.GetElapsedTime(begun));
                done.SetResult(made);
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }
    }

    private void Work()
    {
        foreach (var run in queue.GetConsumingEnumerable())
        {
            run();
        }
    }
}
