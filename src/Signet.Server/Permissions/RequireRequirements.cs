using Microsoft.Extensions.Hosting;

namespace Signet.Server.Permissions;

/// <summary>
/// Stops the start of a server in which a management endpoint does not say what it asks of its caller. It looks at the very endpoints that
/// requests will be matched against: asking the data sources themselves would build every one of them a second time, half a second of each start.
/// </summary>
internal sealed class RequireRequirements(EndpointDataSource endpoints) : IHostedLifecycleService
{
    // Not earlier: only the web host's own start brings the endpoints together.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var silent = endpoints.Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<RouteFamily>() == RouteFamily.Management && endpoint.Metadata.GetMetadata<Requirement>() is null)
            .Select(endpoint => endpoint.DisplayName)
            .ToList();
        return silent.Count == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException($"These endpoints ask for no permission and do not say why: {string.Join(", ", silent)}.");
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
