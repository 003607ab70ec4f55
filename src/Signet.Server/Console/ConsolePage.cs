using Microsoft.AspNetCore.Components;
using Signet.Platform.Http;
using Signet.Server.Permissions;

namespace Signet.Server.Console;

/// <summary>What every console page knows: who looks, where the console lives, and what the last act came to.</summary>
public abstract class ConsolePage : ComponentBase
{
    /// <summary>Why the last act was refused; shown on top of the page it was asked for on.</summary>
    [Parameter]
    public Problem? Refusal { get; set; }

    [CascadingParameter]
    protected HttpContext? Http { get; set; }

    /// <summary>The path the tenant lives behind; every link begins with it.</summary>
    protected string Base => Http?.Request.PathBase.Value ?? "";

    /// <summary>What was just done, from the words of <see cref="Done"/>: an address can choose among them and say nothing else.</summary>
    protected string? JustDone => Http is null ? null : Done.Find(Http.Request.Query["done"]);

    protected bool May(Permission permission) => Http?.Features.Get<Actor>()?.May(permission) ?? false;
}
