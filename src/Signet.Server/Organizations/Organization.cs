using Signet.Platform.Outbox;
using Signet.Server.Users;

namespace Signet.Server.Organizations;

/// <summary>An organization and what one person is in it.</summary>
public sealed record Membership(OrganizationId OrganizationId, string Name, string Slug, OrganizationRole Role);

public enum OrganizationRole
{
    Owner,
    Admin,
    Billing,
    Member,
    Viewer,
}

public sealed record OrganizationCreated(OrganizationId Organization, UserId Owner, string Slug) : DomainEvent
{
    public override string Action => "organizations.created";

    public override Target Target => new("organization", Organization.ToString());
}
