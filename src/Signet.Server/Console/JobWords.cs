using Signet.Platform.Jobs;
using Signet.Server.Ui;

namespace Signet.Server.Console;

internal static class JobWords
{
    public static string Of(JobState state) => state switch
    {
        JobState.Queued => "Queued",
        JobState.Running => "Running",
        JobState.Done => "Done",
        JobState.Dead => "Failed",
    };

    public static Tone ToneOf(JobState state) => state switch
    {
        JobState.Queued => Tone.Neutral,
        JobState.Running => Tone.Neutral,
        JobState.Done => Tone.Good,
        JobState.Dead => Tone.Danger,
    };

    public static string IconOf(JobState state) => state switch
    {
        JobState.Queued => "clock",
        JobState.Running => "rotate",
        JobState.Done => "check-circle",
        JobState.Dead => "error",
    };
}
