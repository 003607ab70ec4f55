using Signet.Server.Federation;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>Words for trust marks.</summary>
internal static class MarkWords
{
    public static string Hours(int hours) => hours % 24 == 0 ? hours == 24 ? "1 day" : $"{hours / 24:N0} days" : hours == 1 ? "1 hour" : $"{hours:N0} hours";

    public static string WordOf(IssuedMark mark, DateTimeOffset now) => mark.State switch
    {
        MarkState.Active => mark.ExpiresAt <= now ? "Expired" : "Active",
        MarkState.Suspended => "Suspended",
        MarkState.Revoked => "Revoked",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static Tone ToneOf(IssuedMark mark, DateTimeOffset now) => mark.State switch
    {
        MarkState.Active => mark.ExpiresAt <= now ? Tone.Warning : Tone.Good,
        MarkState.Suspended => Tone.Warning,
        MarkState.Revoked => Tone.Danger,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
