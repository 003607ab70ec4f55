using Signet.Platform.Http;

namespace Signet.Server.Console;

internal static class ConsoleProblems
{
    public static readonly Problem NotAllApplied = new(409, "blueprints.not_all_applied", "Some agents are not what the blueprint says.");

    public static readonly Problem NotConfirmed =
        new(400, "invalid_input", "Nothing was changed: the name you typed is not the one shown.") { Detail = "Open the dialog again and type it exactly." };
}
