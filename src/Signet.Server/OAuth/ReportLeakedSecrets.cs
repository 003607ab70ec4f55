using Microsoft.AspNetCore.Mvc;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Limits;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>
/// Where anybody who finds a secret of ours brings it. The answer is the same whether it was one or not, so that it is no way to try secrets out.
/// </summary>
public static class ReportLeakedSecrets
{
    private const int MostAtOnce = 100;
    private const int LongestAddress = 500;

    /// <param name="Secret">The secret itself: an agent's or an application's, an API key, a refresh or access token.</param>
    /// <param name="FoundAt">Where: a web address.</param>
    public sealed record Request(string Secret, string? FoundAt = null);

    /// <summary>One find, in the words of GitHub's secret scanning.</summary>
    public sealed record Find(string Token, string? Type = null, string? Url = null, string? Source = null);

    public static void Map(RouteGroupBuilder management)
    {
        const string Why = "Who holds a secret may end it; the answer tells nothing.";
        var leaks = management.MapGroup("/leaked-secrets").WithTags("Leaked secrets");
        leaks.MapPost("", (Request request, HttpContext context, CancellationToken ct) => RunAsync(context, [new Find(request.Secret, Url: request.FoundAt)], ct))
            .AllowsAnyone(Why).WithSummary("Have a secret that was found revoked.");
        leaks.MapPost("/github", ([FromBody] IReadOnlyList<Find> found, HttpContext context, CancellationToken ct) => RunAsync(context, found, ct))
            .AllowsAnyone(Why).WithSummary("The same in the form of GitHub's secret scanning.");
    }

    private static async Task<IResult> RunAsync(HttpContext context, IReadOnlyList<Find> found, CancellationToken ct)
    {
        var (tenant, origin, services) = (context.Features.Get<Tenant>()!, context.Features.Get<Origin>()!, context.RequestServices);
        if (await services.GetRequiredService<RequestLimits>().RefuseAsync(LimitRules.LeaksByAddress, tenant.Id, RequestLimits.AddressOf(context), ct) is { } pause)
        {
            return HttpProblems.RateLimited with { RetryAfter = pause };
        }

        // What a list holds is not held to its type as members are.
        if (found.Count is 0 or > MostAtOnce || found.Any(find => find is null))
        {
            return HttpProblems.InvalidInput with { Detail = $"Bring 1 to {MostAtOnce} secrets at once." };
        }

        var end = services.GetRequiredService<EndLeakedSecret>();
        var isKnown = true;
        foreach (var find in found)
        {
            isKnown &= await end.RunAsync(tenant, origin, find.Token.Trim(), AddressOf(find.Url), ct);
        }

        // Who hears 204 goes home; a secret that nobody could look up is to be brought again.
        return isKnown ? TypedResults.NoContent() : AgentProblems.SecretsUnavailable;
    }

    // A stranger wrote it, and it goes on record: an address of the web without whatever it says beside the place, or nothing.
    private static string? AddressOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0
            && uri.GetLeftPart(UriPartial.Path) is { Length: <= LongestAddress } address
            ? address
            : null;
}
