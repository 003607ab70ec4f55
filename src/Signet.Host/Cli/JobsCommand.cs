using System.CommandLine;
using Signet.Platform.Data;
using Signet.Platform.Jobs;

namespace Signet.Host.Cli;

/// <summary><c>signet jobs list|retry|discard</c>: the work in the background.</summary>
internal static class JobsCommand
{
    public static Command Make() => new("jobs", "Work in the background.")
    {
        List(),
        One("retry", "Run a dead or waiting job now.", JobQueue.RetryAsync, "jobs retry"),
        One("discard", "Delete a dead or waiting job undone.", JobQueue.DiscardAsync, "jobs discard"),
    };

    private static Command List()
    {
        var state = new Option<JobState?>("--state") { Description = "queued, running, done or dead." };
        var kind = new Option<string?>("--kind") { Description = "Of this kind only." };
        var json = Output.JsonOption();
        var command = new Command("list", "List jobs, newest first.") { state, kind, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            var page = await host.Get<Db>().AcrossTenantsAsync(host.Origin, "jobs list", tx =>
                JobQueue.ListAsync(tx, new JobFilter(parsed.GetValue(state), parsed.GetValue(kind), Limit: 200), token), token);
            if (parsed.GetValue(json))
            {
                Output.Json(page.Jobs);
            }
            else
            {
                Output.Table(page.Jobs, job => job.Id.ToString(), job => SnakeCase.Of(job.State), job => job.Kind, job => $"{job.Attempts}/{job.MaxAttempts}", job => job.LastError ?? "");
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command One(string verb, string description, Func<Tx, JobId, CancellationToken, Task<bool>> act, string reason)
    {
        var id = new Argument<string>("id") { Description = "The job." };
        var command = new Command(verb, description) { id };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
            JobId.TryParse(parsed.GetValue(id), null, out var job)
            && await host.Get<Db>().AcrossTenantsAsync(host.Origin, reason, tx => act(tx, job, token), token)
                ? 0
                : Output.Fail("There is no dead or waiting job of this id."), ct));
        return command;
    }
}
