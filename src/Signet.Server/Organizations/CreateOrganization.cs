using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Organizations.Storage;
using Signet.Server.Users;

namespace Signet.Server.Organizations;

/// <summary>Makes an organization and its owner in the caller's transaction.</summary>
public static class CreateOrganization
{
    private const int Attempts = 5;

    /// <param name="slug">The slug wished for; null: made from the name. Varied until it is free.</param>
    public static async Task<Membership> RunAsync(Tx tx, Origin origin, UserId owner, string name, string? slug, CancellationToken ct)
    {
        var id = tx.NewId<OrganizationId>();
        var wished = slug ?? OrganizationSlug.From(name);
        var candidate = wished;
        for (var attempt = 0; !await OrganizationRows.TryInsertAsync(tx, id, name, candidate, ct); attempt++)
        {
            if (attempt == Attempts)
            {
                throw new InvalidOperationException("No free slug was found.");
            }

            candidate = OrganizationSlug.Vary(wished);
        }

        await OrganizationRows.AddMemberAsync(tx, id, owner, OrganizationRole.Owner, ct);
        tx.Notify(MembershipDirectory.Topic, owner.ToString());
        tx.Emit(origin, new OrganizationCreated(id, owner, candidate));
        return new Membership(id, name, candidate, OrganizationRole.Owner);
    }
}
