using System.Runtime.InteropServices;
using Signet.Server.Policy;

namespace Signet.Host.Cli;

/// <summary>Reads the policy again on SIGHUP, which would otherwise end the process.</summary>
internal static class ReloadOnHangup
{
    public static IDisposable Begin(ReloadPolicy reload) => PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
    {
        signal.Cancel = true;
        _ = Task.Run(() => reload.RunOnSignalAsync("SIGHUP"));
    });
}
