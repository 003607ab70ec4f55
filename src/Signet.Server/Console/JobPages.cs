using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;
using Signet.Server.Console.Pages;
using Signet.Server.Operations;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>The work in the background: what waits, what runs, what failed for good.</summary>
internal static class JobPages
{
    public static void Map(RouteGroupBuilder jobs)
    {
        jobs.MapGet("", ListAsync).Requires(Permission.ReadJobs);
        jobs.MapGet("/{id}", (JobId id, Origin origin, Db db, TenantDirectory tenants, CancellationToken ct) => ShowAsync(id, origin, db, tenants, null, ct)).Requires(Permission.ReadJobs);
        jobs.MapPost("/{id}/retry", async (JobId id, HttpContext context, Origin origin, Db db, TenantDirectory tenants, CancellationToken ct) =>
            await ManageJobs.RetryAsync(db, origin, id, ct)
                ? Done.To(context, $"/console/jobs/{id}", "retried")
                : await ShowAsync(id, origin, db, tenants, JobProblems.NotWaiting, ct)).Requires(Permission.ManageJobs);
        jobs.MapPost("/{id}/discard", async (JobId id, HttpContext context, Origin origin, Db db, TenantDirectory tenants, CancellationToken ct) =>
            await ManageJobs.DiscardAsync(db, origin, id, ct)
                ? Done.To(context, "/console/jobs", "discarded")
                : await ShowAsync(id, origin, db, tenants, JobProblems.NotWaiting, ct)).Requires(Permission.ManageJobs);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Origin origin, Db db, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request, "state");
        JobState? state = SnakeCase.TryParse<JobState>(query.Facet("state"), out var named) ? named : null;
        JobId? before = JobId.TryParse(query.After, null, out var cursor) ? cursor : null;
        var page = await ManageJobs.ListAsync(db, origin, new JobFilter(state, query.Search is { Length: > 0 } kind ? kind : null, before), ct);
        return new Page<JobsPage>(new { page.Jobs, Next = page.Next?.ToString(), Query = query });
    }

    private static async Task<IResult> ShowAsync(JobId id, Origin origin, Db db, TenantDirectory tenants, Problem? refusal, CancellationToken ct)
    {
        if (await ManageJobs.FindAsync(db, origin, id, ct) is not { } job)
        {
            return JobProblems.NotFound;
        }

        var tenant = (await tenants.FindAsync(job.TenantId, ct))?.Name;
        return new Page<JobShowPage>(new { Job = job, Tenant = tenant, Refusal = refusal }, refusal?.Status ?? StatusCodes.Status200OK);
    }
}
