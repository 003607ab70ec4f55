using System.Runtime.InteropServices;

namespace Signet.Platform.Postgres;

/// <summary>The few system calls .NET has no name for.</summary>
internal static partial class Posix
{
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;

    private const int AtCurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint WantOwner = 0x8 | 0x10;

    public static uint EffectiveUser => geteuid();

    public static bool Signal(int process, int signal) => kill(process, signal) == 0;

    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (lchown(path, user, group) != 0)
        {
            throw new IOException($"The owner of {path} cannot be set: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }
    }

    /// <summary>User and group a path belongs to, the link itself where it is one; null where there is nothing.</summary>
    public static unsafe (uint User, uint Group)? OwnerOf(string path)
    {
        // struct statx: stx_uid at byte 20, stx_gid at 24, on every architecture.
        var answer = stackalloc uint[64];
        return statx(AtCurrentFolder, path, DoNotFollow, WantOwner, answer) == 0 ? (answer[5], answer[6]) : null;
    }

    /// <summary>The path without links, as the kernel names it; the path as it is where there is nothing yet.</summary>
    public static unsafe string RealPath(string path)
    {
        var resolved = stackalloc byte[4096];
        return realpath(path, resolved) == null ? Path.GetFullPath(path) : Marshal.PtrToStringUTF8((nint)resolved)!;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial byte* realpath(string path, byte* resolved);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, uint user, uint group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, uint* answer);
}
