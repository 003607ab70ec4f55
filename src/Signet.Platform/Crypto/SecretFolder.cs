using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Signet.Platform.Crypto;

/// <summary>
/// Writes secret files so that after a crash at any point each is whole or absent, only its owner can read it, and what was there is never made anew.
/// </summary>
internal static partial class SecretFolder
{
    // While it exists the first run has not ended: nothing was encrypted yet, so missing files may be made.
    private const string FirstRun = ".first-run";

    // 30 seconds, where the work under the lock takes milliseconds: what lasts longer is no other process but a file system that can't be written.
    private const int LockAttempts = 1500;

    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnlyFile | UnixFileMode.UserExecute;

    public static async Task CompleteAsync(string directory, CancellationToken ct)
    {
        Prepare(directory);
        using var held = await LockAsync(directory, ct);
        var marker = Path.Combine(directory, FirstRun);
        var missing = Enum.GetValues<BootstrapSecret>().Where(secret => !File.Exists(PathOf(directory, secret))).ToList();
        if (missing.Count is > 0 and < 4 && !File.Exists(marker))
        {
            throw new SecretUnusableException(
                missing[0],
                SecretFault.Missing,
                $"{PathOf(directory, missing[0])} is missing while other secrets of this installation exist. "
                + "A new one would make data unreadable: restore the file from the backup of the secrets.");
        }

        if (missing.Count > 0)
        {
            Write(marker, "");
            SyncFolder(directory);
            foreach (var secret in missing)
            {
                var text = RandomNumberGenerator.GetHexString(2 * SecretText.Length, lowercase: true);
                Write(PathOf(directory, secret), secret is BootstrapSecret.MasterEncryption ? $"v1:{text}\n" : $"{text}\n");
            }

            SyncFolder(directory);
        }

        if (File.Exists(marker))
        {
            File.Delete(marker);
            SyncFolder(directory);
        }
    }

    /// <summary>Replaces a file's content in one step; what others read is the old text or the new.</summary>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.new";
        using (var stream = new FileStream(
            temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnlyFile }))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>One process at a time changes the secrets of a folder; the lock goes with the process.</summary>
    public static async Task<IDisposable> LockAsync(string directory, CancellationToken ct)
    {
        var path = Path.Combine(directory, ".lock");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && attempt < LockAttempts)
            {
                await Task.Delay(20, ct);
            }
        }
    }

    private static string PathOf(string directory, BootstrapSecret secret) => Path.Combine(directory, BootstrapSecrets.FileNameOf(secret));

    private static void Prepare(string directory)
    {
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, OwnerOnlyFolder);
            SyncFolder(Path.GetDirectoryName(Path.GetFullPath(directory))!);
        }
        else if ((File.GetUnixFileMode(directory) & ~OwnerOnlyFolder) != UnixFileMode.None)
        {
            throw new SecretUnusableException(
                BootstrapSecret.MasterEncryption, SecretFault.TooOpen, $"The secrets folder {directory} is open to others on this machine; run: chmod 700 '{directory}'");
        }
    }

    // A rename survives a power cut only once its folder is on disk, and the database that depends on these files syncs at every commit.
    private static void SyncFolder(string directory)
    {
        var folder = open(directory, 0);
        if (folder < 0)
        {
            return;
        }

        _ = fsync(folder);
        _ = close(folder);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
