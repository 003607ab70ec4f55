namespace Signet.Server.Permissions;

/// <summary>What an endpoint asks of its caller. A management endpoint without one stops the start of the server.</summary>
/// <param name="Permission">Null: anyone, for the reason given.</param>
public sealed record Requirement(Permission? Permission, string? Reason);

public static class Requirements
{
    extension<TBuilder>(TBuilder endpoint) where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>Only a caller with this permission gets in.</summary>
        public TBuilder Requires(Permission permission) => endpoint.WithMetadata(new Requirement(permission, null));

        /// <summary>No permission is needed; <paramref name="reason"/> says why that is right.</summary>
        public TBuilder AllowsAnyone(string reason) => endpoint.WithMetadata(new Requirement(null, reason));
    }
}
