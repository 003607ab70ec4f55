using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;

namespace Signet.Server.Operations;

/// <summary>The work in the background of all tenants: seeing it, running what failed again, throwing it away. Every look across tenants is on record.</summary>
public static class ManageJobs
{
    public static void Map(RouteGroupBuilder management)
    {
        var jobs = management.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapGet("", HandleListAsync).Requires(Permission.ReadJobs).Produces<JobPage>().WithSummary("List jobs.");
        jobs.MapGet("/{id}", HandleFindAsync).Requires(Permission.ReadJobs).Produces<JobDetail>().WithSummary("One job.");
        jobs.MapPost("/{id}/retry", async (JobId id, Origin origin, Db db, CancellationToken ct) =>
                await RetryAsync(db, origin, id, ct) ? TypedResults.NoContent() : (IResult)JobProblems.NotWaiting)
            .Requires(Permission.ManageJobs).Produces(StatusCodes.Status204NoContent).WithSummary("Run a dead or waiting job now.");
        jobs.MapPost("/{id}/discard", async (JobId id, Origin origin, Db db, CancellationToken ct) =>
                await DiscardAsync(db, origin, id, ct) ? TypedResults.NoContent() : (IResult)JobProblems.NotWaiting)
            .Requires(Permission.ManageJobs).Produces(StatusCodes.Status204NoContent).WithSummary("Delete a dead or waiting job undone.");
    }

    public static Task<JobPage> ListAsync(Db db, Origin origin, JobFilter filter, CancellationToken ct) =>
        db.AcrossTenantsAsync(origin, "jobs list", tx => JobQueue.ListAsync(tx, filter, ct), ct);

    /// <summary>Null where there is no such job.</summary>
    public static Task<JobDetail?> FindAsync(Db db, Origin origin, JobId id, CancellationToken ct) =>
        db.AcrossTenantsAsync(origin, "jobs show", tx => JobQueue.FindAsync(tx, id, ct), ct);

    /// <summary>False where there is no dead or waiting job of this id.</summary>
    public static Task<bool> RetryAsync(Db db, Origin origin, JobId id, CancellationToken ct) =>
        db.AcrossTenantsAsync(origin, "jobs retry", tx => JobQueue.RetryAsync(tx, id, ct), ct);

    /// <summary>False where there is no dead or waiting job of this id.</summary>
    public static Task<bool> DiscardAsync(Db db, Origin origin, JobId id, CancellationToken ct) =>
        db.AcrossTenantsAsync(origin, "jobs discard", tx => JobQueue.DiscardAsync(tx, id, ct), ct);

    private static async Task<IResult> HandleListAsync(
        Origin origin, Db db, CancellationToken ct, string? state = null, string? kind = null, JobId? before = null, int limit = 50)
    {
        JobState? wanted = SnakeCase.TryParse<JobState>(state, out var named) ? named : null;
        return state is not null && wanted is null
            ? JobProblems.StateInvalid
            : TypedResults.Ok(await ListAsync(db, origin, new JobFilter(wanted, kind, before, limit), ct));
    }

    private static async Task<IResult> HandleFindAsync(JobId id, Origin origin, Db db, CancellationToken ct) =>
        await FindAsync(db, origin, id, ct) is { } job ? TypedResults.Ok(job) : JobProblems.NotFound;
}
