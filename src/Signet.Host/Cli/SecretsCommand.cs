using System.CommandLine;
using Signet.Server.Secrets;

namespace Signet.Host.Cli;

/// <summary><c>signet secrets rotate</c>: a new master key, and everything under the old ones sealed anew, while the server runs.</summary>
internal static class SecretsCommand
{
    public static Command Make()
    {
        var rotate = new Command("rotate", "Add a new master key and re-encrypt everything under it. Run again after an interruption: it goes on where it was.");
        rotate.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, RotateAsync, ct));
        return new Command("secrets", "The secret files.") { rotate };
    }

    private static async Task<int> RotateAsync(CommandHost host, CancellationToken ct)
    {
        var progress = new Progress<RotationProgress>(now =>
            Output.Line($"v{now.MasterVersion}: {now.KeysDone} keys wrapped anew, {now.FieldsDone} fields re-encrypted, {now.KeysLeft} keys left"));
        switch (await host.Get<RotateSecrets>().RunAsync(host.Origin, progress, ct))
        {
            case SecretRotation.Completed completed:
                Output.Line($"Rows under the old key: 0. Everything is under v{completed.Progress.MasterVersion}.");
                if (completed.RemoveOldVersions)
                {
                    Output.Line("The old versions can be taken out of the master key now.");
                }

                return 0;
            case SecretRotation.Unfinished unfinished:
                return Output.Fail($"Rows under the old key: {unfinished.RowsUnderOldKeys}. The old key stays; run the command again.");
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
