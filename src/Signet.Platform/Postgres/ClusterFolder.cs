using System.Security.Cryptography;
using System.Text;

namespace Signet.Platform.Postgres;

/// <summary>
/// The places of one private cluster, and the account it belongs to. <c>postgres/</c> in the data folder is the cluster's, mode 0700;
/// where its account could not reach it there (a data folder under root's home) it is a link to a folder under /var/lib/signet.
/// </summary>
internal sealed record ClusterFolder(string Data, OsAccount Account)
{
    private const string Elsewhere = "/var/lib/signet";

    // sockaddr_un holds 108 bytes with the closing NUL.
    private const int LongestSocketPath = 107;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>What belongs to PostgreSQL's account.</summary>
    public string Root { get; } = ResolveRoot(Data);

    public string Cluster => Path.Combine(Root, "cluster");

    /// <summary>Where initdb works; renamed when it is done, so that a kill leaves no half cluster.</summary>
    public string Unfinished => Path.Combine(Root, "cluster.new");

    public string PidFile => Path.Combine(Cluster, "postmaster.pid");

    public string SocketFolder => FitsSocket(Path.Combine(Root, "socket")) is { } near ? near : FarSocketFolder;

    /// <summary>The version that made the cluster; null where there is none yet.</summary>
    public int? Major => ReadMajor(Path.Combine(Cluster, "PG_VERSION"));

    public static string LockFile(string data) => Path.Combine(data, "postgres.lock");

    /// <summary>Where an existing cluster is, without touching anything.</summary>
    public static ClusterFolder At(string data)
    {
        var current = OsAccount.Current;
        var owner = Posix.OwnerOf(ResolveRoot(data));
        if (!current.IsRoot)
        {
            return owner is { } other && other.User != current.User
                ? throw new StartRefusedException(
                    $"The database in {data} belongs to the account {OsAccount.Find(other.User)?.Name ?? other.User.ToString()}; run signet as root or as that account.")
                : new(data, current);
        }

        return new(data, owner is { User: not 0 } found && OsAccount.Find(found.User) is { } account ? account : OsAccount.ForPostgres());
    }

    /// <summary>Makes the folders, with their owner and mode.</summary>
    public static ClusterFolder Prepare(string data)
    {
        var folder = At(data);
        var link = Path.Combine(data, "postgres");
        if (!Directory.Exists(link))
        {
            // A link whose target is gone: the database was deleted, and a new one begins.
            File.Delete(link);
            if (folder.IsReachable())
            {
                Directory.CreateDirectory(link, OwnerOnly);
            }
            else
            {
                File.CreateSymbolicLink(link, MakeElsewhere(data));
            }

            folder = new ClusterFolder(data, folder.Account);
        }

        folder.Own(folder.Root);
        folder.MakeSocketFolder();
        return folder;
    }

    /// <summary>Leaves nothing outside our folders once the server has stopped; it is made again at the next start.</summary>
    public void RemoveFarSocketFolder()
    {
        if (SocketFolder == FarSocketFolder && Directory.Exists(SocketFolder))
        {
            Directory.Delete(SocketFolder, recursive: true);
        }
    }

    private bool IsReachable()
    {
        if (!Account.CanPass(Data) && Posix.OwnerOf(Data)?.User == Posix.EffectiveUser)
        {
            // To pass is not to list or to read: the secrets beside the cluster stay closed by their own modes.
            File.SetUnixFileMode(Data, File.GetUnixFileMode(Data) | UnixFileMode.OtherExecute);
        }

        for (var parent = new DirectoryInfo(Path.GetFullPath(Data)); parent is not null; parent = parent.Parent)
        {
            if (!Account.CanPass(parent.FullName))
            {
                return false;
            }
        }

        return true;
    }

    // Never a folder that was there before: it could be of a data folder deleted since, whose keys are gone.
    private static string MakeElsewhere(string data)
    {
        var name = $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(data)))}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        return Directory.CreateDirectory(Path.Combine(Elsewhere, name)).FullName;
    }

    private void Own(string folder)
    {
        File.SetUnixFileMode(folder, OwnerOnly);
        if (Posix.OwnerOf(folder)?.User != Account.User)
        {
            Posix.ChangeOwner(folder, Account.User, Account.Group);
        }
    }

    private void MakeSocketFolder()
    {
        var folder = SocketFolder;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, OwnerOnly);
            Own(folder);
        }

        // /tmp is everyone's: a folder laid there before us would hear our connections.
        if (Posix.OwnerOf(folder)?.User != Account.User || new DirectoryInfo(folder).LinkTarget is not null)
        {
            throw new StartRefusedException($"{folder}, where the database's socket belongs, is somebody else's; remove it.");
        }
    }

    private string FarSocketFolder
    {
        get
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)).AsSpan(0, 8));
            return Path.Combine(OsAccount.Current.IsRoot && Directory.Exists("/run") ? "/run" : "/tmp", $"signet-{hash}");
        }
    }

    // A comma would be read as a list of hosts.
    private static string? FitsSocket(string folder) =>
        Encoding.UTF8.GetByteCount(folder) + "/.s.PGSQL.5432".Length <= LongestSocketPath && !folder.Contains(',', StringComparison.Ordinal) ? folder : null;

    private static string ResolveRoot(string data)
    {
        var place = Path.Combine(data, "postgres");
        return Directory.Exists(place) ? Posix.RealPath(place) : Path.Combine(Posix.RealPath(data), "postgres");
    }

    private static int? ReadMajor(string file) =>
        File.Exists(file) && int.TryParse(File.ReadAllText(file).AsSpan().Trim(), out var major) ? major : null;
}
