using Signet.Platform.Http;
using Signet.Server.Tenants;

namespace Signet.Server.SignIn;

/// <summary>Where somebody on a sign-in page came from, and where they go when they are done.</summary>
/// <param name="IsLost">A flow was named, and it is not this browser's, or not alive.</param>
internal sealed record Way(string PathBase, SignInFlow? Flow, string? ReturnTo, bool IsLost)
{
    /// <summary>The path to send the browser to after signing in.</summary>
    public string Target => PathBase + (Flow?.ReturnPath ?? ReturnTo ?? "/account");

    public static async Task<Way> FindAsync(HttpContext context, Tenant tenant, SignInFlows flows)
    {
        var pathBase = context.Request.PathBase.Value ?? "";
        var named = context.Request.Query["flow"];
        if (named.Count == 0)
        {
            return new Way(pathBase, null, LocalPath.TryParse(context.Request.Query["return_to"]), IsLost: false);
        }

        var flow = FlowId.TryParse(named, null, out var id) ? await flows.FindAsync(context, tenant.Id, id, context.RequestAborted) : null;
        if (flow?.ReturnsTo is { } target)
        {
            ResponseHeaders.AllowFormsTo(context, target);
        }

        return new Way(pathBase, flow, null, IsLost: flow is null or { Session: not null });
    }

    /// <summary>Another page of the same way.</summary>
    public string Here(string page) =>
        PathBase + page + (Flow is { } flow ? $"?flow={flow.Id}" : ReturnTo is { } path ? $"?return_to={Uri.EscapeDataString(path)}" : "");
}
