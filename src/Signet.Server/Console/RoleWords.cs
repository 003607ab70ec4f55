using Signet.Platform.Data;
using Signet.Server.Permissions;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>The roles as people choose among them.</summary>
internal static class RoleWords
{
    public static IReadOnlyList<Choice> All { get; } = [.. Enum.GetValues<Role>().Select(role => new Choice(SnakeCase.Of(role), $"{role}: {Of(role)}"))];

    public static IReadOnlyList<Choice> UpTo(Role own) => [.. All.Take((int)own + 1)];

    public static string Of(Role role) => role switch
    {
        Role.User => "their own account only",
        Role.Auditor => "reads everything, changes nothing",
        Role.Admin => "runs everything but roles",
        Role.Owner => "everything, and who may do what",
    };
}
