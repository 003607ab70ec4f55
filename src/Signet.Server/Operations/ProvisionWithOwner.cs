using System.Diagnostics;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Passwords;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.Operations;

/// <summary>What can happen when a tenant and its first owner are to be made.</summary>
public abstract record ProvisioningWithOwner
{
    private ProvisioningWithOwner()
    {
    }

    /// <param name="Password">The owner's, where none was given; it is kept as a hash and can't be shown again.</param>
    public sealed record Provisioned(Tenant Tenant, User Owner, string? Password) : ProvisioningWithOwner;

    public sealed record Refused(Problem Problem) : ProvisioningWithOwner;
}

/// <summary>
/// Makes a tenant and the person who runs it. Everything that can be refused is refused before anything is made; whoever is named an owner can sign in,
/// by the password given or by one made here.
/// </summary>
public sealed class ProvisionWithOwner(Db db, TenantDirectory tenants, CreateUser create)
{
    /// <param name="Email">The operator vouches for it: it counts as verified.</param>
    /// <param name="Password">Null: one is made and shown once.</param>
    public sealed record Owner(string Email, string? FirstName = null, string? LastName = null, string? Password = null)
    {
        internal string? DisplayName => $"{FirstName} {LastName}".Trim() is { Length: > 0 } name ? name : null;
    }

    public sealed record Request(string Slug, string Name, Owner Owner, TenantAddress Address = TenantAddress.Path);

    /// <summary>Null where such a tenant may be made; whether its name is free shows when it is.</summary>
    public static Problem? Refuse(Request request)
    {
        if (!TenantSlug.IsValid(request.Slug) || TenantSlug.IsReserved(request.Slug))
        {
            return TenantProblems.SlugInvalid.WithError("slug", "Enter 1 to 63 lower-case letters, digits and inner hyphens, and no reserved word.");
        }

        if (request.Name.Trim().Length is < 1 or > 200 || request.Name.Any(char.IsControl))
        {
            return TenantProblems.NameInvalid.WithError("name", "Enter a name of 1 to 200 characters.");
        }

        if (EmailAddress.TryParse(request.Owner.Email) is not { } email)
        {
            return UserProblems.EmailInvalid.WithError("owner.email", "Enter an address such as ada@example.org.");
        }

        if (request.Owner.DisplayName is { } name && !DisplayName.IsValid(name))
        {
            return UserProblems.DisplayNameInvalid.WithError("owner.first_name", "Enter a first and last name of at most 200 characters together.");
        }

        return request.Owner.Password is { } password && PasswordRules.Refuse(password, email.Value) is { } weak
            ? HttpProblems.InvalidInput.WithError("owner.password", weak) with { Detail = $"owner.password: {weak}" }
            : null;
    }

    public async Task<ProvisioningWithOwner> RunAsync(Origin origin, Request request, CancellationToken ct)
    {
        if (Refuse(request) is { } refusal)
        {
            return new ProvisioningWithOwner.Refused(refusal);
        }

        switch (await ProvisionTenant.RunAsync(db, tenants, origin, request.Slug, request.Name.Trim(), request.Address, ct))
        {
            case Provisioning.Provisioned { Tenant: var tenant }:
                var made = request.Owner.Password is null ? FirstPassword.Make() : null;
                var wish = new CreateUser.Wish(
                    EmailAddress.TryParse(request.Owner.Email)!.Value, EmailVerified: true, request.Owner.DisplayName, request.Owner.Password ?? made, Role.Owner);
                var owner = await create.RunAsync(tenant.Id, origin, wish, ct) ?? throw new UnreachableException("A tenant that was just made has nobody in it.");
                return new ProvisioningWithOwner.Provisioned(tenant, owner, made);
            case Provisioning.SlugTaken:
                return new ProvisioningWithOwner.Refused(TenantProblems.SlugTaken.WithError("slug", "Another tenant has this name."));
            default:
                throw new UnreachableException("The name was checked before.");
        }
    }
}
