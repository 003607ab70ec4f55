namespace Signet.Platform.Postgres;

/// <summary>An account of the operating system.</summary>
internal sealed record OsAccount(string Name, uint User, uint Group)
{
    private static readonly string[] Unprivileged = ["postgres", "nobody"];

    public bool IsRoot => User == 0;

    /// <summary>Who runs this process.</summary>
    public static OsAccount Current => Find(Posix.EffectiveUser) ?? new(Environment.UserName, Posix.EffectiveUser, Posix.EffectiveUser);

    public static OsAccount? Find(uint user) => All().FirstOrDefault(a => a.User == user);

    /// <summary>PostgreSQL refuses to run as root: the account it runs as then.</summary>
    public static OsAccount ForPostgres() =>
        Unprivileged.Select(name => All().FirstOrDefault(a => a.Name == name)).FirstOrDefault(a => a is not null)
        ?? throw new StartRefusedException(
            "PostgreSQL cannot run as root, and this machine has neither an account `postgres` nor `nobody`; make one (`useradd --system postgres`).");

    /// <summary>Whether the account may pass through the folder to what lies in it.</summary>
    public bool CanPass(string folder)
    {
        var owner = Posix.OwnerOf(folder) ?? throw new DirectoryNotFoundException($"{folder} does not exist.");
        var needed = owner.User == User ? UnixFileMode.UserExecute
            : owner.Group == Group ? UnixFileMode.GroupExecute
            : UnixFileMode.OtherExecute;
        return IsRoot || File.GetUnixFileMode(folder).HasFlag(needed);
    }

    private static IEnumerable<OsAccount> All() =>
        from line in File.Exists("/etc/passwd") ? File.ReadLines("/etc/passwd") : []
        let fields = line.Split(':')
        where fields.Length >= 4 && uint.TryParse(fields[2], out _) && uint.TryParse(fields[3], out _)
        select new OsAccount(fields[0], uint.Parse(fields[2]), uint.Parse(fields[3]));
}
