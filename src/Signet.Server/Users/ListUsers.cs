using Signet.Platform.Data;
using Signet.Server.Permissions;

namespace Signet.Server.Users;

/// <summary>People of the tenant, newest first, a page at a time; found by address or by beginnings of words.</summary>
public static class ListUsers
{
    /// <param name="Next">Give it as <c>before</c> to get the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<UserView> Users, UserId? Next);

    public static void Map(RouteGroupBuilder users) =>
        users.MapGet("", HandleAsync).Requires(Permission.ReadUsers).Produces<Page>().WithSummary("List users.");

    private static async Task<IResult> HandleAsync(
        Actor actor, UserDirectory directory, CancellationToken ct, string? search = null, string? state = null, UserId? before = null, int limit = 50)
    {
        UserState? wanted = null;
        if (state is not null)
        {
            if (!SnakeCase.TryParse<UserState>(state, out var named))
            {
                return UserProblems.StateInvalid;
            }

            wanted = named;
        }

        var size = Math.Clamp(limit, 1, 200);
        var users = await directory.ListAsync(actor.Tenant, search, wanted, before, size + 1, ct);
        return TypedResults.Ok(new Page([.. users.Take(size).Select(UserView.Of)], users.Count > size ? users[size - 1].Id : null));
    }
}
