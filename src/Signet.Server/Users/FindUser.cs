using Signet.Server.Permissions;

namespace Signet.Server.Users;

/// <summary>One person.</summary>
public static class FindUser
{
    public static void Map(RouteGroupBuilder users) =>
        users.MapGet("/{id}", HandleAsync).Requires(Permission.ReadUsers).Produces<UserView>().WithSummary("One user.");

    private static async Task<IResult> HandleAsync(UserId id, Actor actor, UserDirectory directory, CancellationToken ct) =>
        await directory.FindAsync(actor.Tenant, id, ct) is { } user ? TypedResults.Ok(UserView.Of(user)) : UserProblems.NotFound;
}
