namespace Signet.Server.Permissions;

/// <summary>Stops the start of a server in which a management endpoint does not say what it asks of its caller.</summary>
public static class RequireRequirements
{
    public static void Check(IEndpointRouteBuilder app)
    {
        var silent = app.DataSources
            .SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<RouteFamily>() == RouteFamily.Management && endpoint.Metadata.GetMetadata<Requirement>() is null)
            .Select(endpoint => endpoint.DisplayName)
            .ToList();
        if (silent.Count > 0)
        {
            throw new InvalidOperationException($"These endpoints ask for no permission and do not say why: {string.Join(", ", silent)}.");
        }
    }
}
