namespace Signet.Server.Ui.Gallery;

/// <summary>People and places for the gallery, from the ordinary to the unreasonable.</summary>
internal static class Samples
{
    private static readonly string[] Given = ["Mara", "Ilias", "Sofia", "Jonas", "Amina", "Tomás", "Yuki", "Hanna", "Oskar", "Leïla", "Piotr", "Nia"];
    private static readonly string[] Family = ["Lind", "Papadopoulos", "Okafor", "Weber", "Haddad", "Ferreira", "Tanaka", "Virtanen", "Nowak", "Byrne"];

    public static DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    public static ConsoleFrame Frame { get; } = new(
        "Northwind",
        [
            new(null, [new("Overview", "/_ui/overview", "home")]),
            new("People", [new("Users", "/_ui/table", "users"), new("Organizations", "/_ui/organizations", "organization"), new("Invitations", "/_ui/table-empty", "mail", 3)]),
            new("Access", [new("Applications", "/_ui/detail", "app"), new("Agents", "/_ui/agents", "agent", 1204), new("Consents", "/_ui/consents", "check-circle"), new("Sign-in policy", "/_ui/settings", "lock")]),
            new("Trust", [new("Signing keys", "/_ui/keys", "key"), new("Federation", "/_ui/federation", "federation")]),
            new("Operations", [new("Audit log", "/_ui/audit", "log"), new("Jobs", "/_ui/jobs", "jobs"), new("Settings", "/_ui", "settings")]),
        ],
        new("Mara Lind", "mara.lind@northwind.example", "/_ui/account"),
        "/_ui/sign-out",
        "/_ui/overview",
        [new("Northwind", "/_ui/overview", true), new("Contoso Research and Development Laboratories", "/_ui/contoso")]);

    public static ConsoleFrame RightToLeftFrame { get; } = Frame with
    {
        Tenant = "نورثويند",
        Viewer = new("ليلى حداد", "layla@northwind.example"),
    };

    public static IReadOnlyList<Person> People { get; } =
    [
        .. Enumerable.Range(0, 30).Select(i =>
        {
            var (given, family) = (Given[i % Given.Length], Family[i * 7 % Family.Length]);
            return new Person(
                $"01928f3e-{i:x4}-7c1a-9b2e-4f6d8a0c{i:x4}",
                $"{given} {family}",
                $"{given}.{family}@northwind.example".ToLowerInvariant(),
                i % 7 == 3 ? "Invited" : i % 11 == 5 ? "Suspended" : i % 13 == 8 ? "Locked" : "Active",
                i % 9 == 0 ? "Administrator" : "Member",
                i % 7 == 3 ? null : Now.AddMinutes(-7 * i * i * i),
                i * 137 % 23);
        }),
    ];

    public static IReadOnlyList<Person> Extreme { get; } =
    [
        new("01928f3e-ffff-7c1a-9b2e-4f6d8a0cffff", string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausenbergerdorff ", 4)).Trim(), $"{new string('a', 64)}@{new string('b', 60)}.example", "Active", "Member", Now.AddSeconds(-3), 1_204_553),
        new("01928f3e-fffe-7c1a-9b2e-4f6d8a0cfffe", "<script>alert(1)</script> & \"friends\"", "o'brien+<b>@x.example", "Locked", "Administrator", Now.AddYears(-9), 0),
        new("01928f3e-fffd-7c1a-9b2e-4f6d8a0cfffd", "محمد عبد الرحمن الحسيني", "mohammad@مثال.example", "Suspended", "Member", null, 12),
        new("01928f3e-fffc-7c1a-9b2e-4f6d8a0cfffc", "李", "li@例え.example", "Invited", "Member", Now.AddDays(40), 1),
    ];

    public static IReadOnlyList<double> Line { get; } = [.. Enumerable.Range(0, 30).Select(i => 240 + 90 * Math.Sin(i / 3.0) + i * 6 + i * 53 % 41)];

    public static IReadOnlyList<ChartPoint> Bars { get; } = [.. Enumerable.Range(0, 30).Select(i => new ChartPoint($"{Now.AddDays(i - 29):d MMM}", Math.Round(Line[i] * (i % 7 is 5 or 6 ? 0.4 : 1))))];

    public static Tone ToneOf(string status) => status switch
    {
        "Active" => Tone.Good,
        "Locked" => Tone.Warning,
        "Suspended" => Tone.Danger,
        _ => Tone.Neutral,
    };

    internal sealed record Person(string Id, string Name, string Email, string Status, string Role, DateTimeOffset? LastSeen, long Sessions);
}
