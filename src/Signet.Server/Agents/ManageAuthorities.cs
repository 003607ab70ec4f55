using Signet.OAuth.MutualTls;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Agents;

/// <summary>What came of adding an authority.</summary>
public abstract record AuthorityChange
{
    private AuthorityChange()
    {
    }

    public sealed record Added(CertificateAuthority Authority) : AuthorityChange;

    public sealed record Refused(Problem Problem) : AuthorityChange;
}

/// <summary>
/// Whose certificates may stand for agents. Trusting an authority alone lets nobody in: a credential says which name of which authority is which agent.
/// Removing one revokes every credential that rests on it.
/// </summary>
public static class ManageAuthorities
{
    private const int Most = 50;
    private const int MaxName = 200;

    /// <param name="Name">What people see.</param>
    /// <param name="Pem">Its root and, where they are not the root's own, the certificates between it and agents'; up to five, in any order.</param>
    public sealed record Request(string Name, string Pem);

    public sealed record List(IReadOnlyList<CertificateAuthorityView> Authorities);

    public static void Map(RouteGroupBuilder authorities)
    {
        authorities.MapGet("", async (Actor actor, AuthorityDirectory directory, CancellationToken ct) =>
                TypedResults.Ok(new List([.. (await directory.ListAsync(actor.Tenant, ct)).Select(CertificateAuthorityView.Of)])))
            .Requires(Permission.ReadAgents).Produces<List>().WithSummary("List the certificate authorities trusted for agents.");
        authorities.MapGet("/{id}", async (AuthorityId id, Actor actor, AuthorityDirectory directory, CancellationToken ct) =>
                await directory.FindAsync(actor.Tenant, id, ct) is { } found ? (IResult)TypedResults.Ok(CertificateAuthorityView.Of(found)) : AgentProblems.AuthorityNotFound)
            .Requires(Permission.ReadAgents).Produces<CertificateAuthorityView>().WithSummary("One certificate authority.");
        authorities.MapPost("", async (Request request, Actor actor, Origin origin, Db db, CancellationToken ct) =>
                await db.InTenantAsync(actor.Tenant, tx => AddAsync(tx, origin, request, ct), ct) switch
                {
                    AuthorityChange.Added added => TypedResults.Json(CertificateAuthorityView.Of(added.Authority), HttpJson.Options, statusCode: StatusCodes.Status201Created),
                    AuthorityChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageAgents).Produces<CertificateAuthorityView>(StatusCodes.Status201Created).WithSummary("Trust a certificate authority for agents.");
        authorities.MapDelete("/{id}", async (AuthorityId id, Actor actor, Origin origin, Db db, CancellationToken ct) =>
                await db.InTenantAsync(actor.Tenant, tx => RemoveAsync(tx, origin, id, ct), ct) ? (IResult)TypedResults.NoContent() : AgentProblems.AuthorityNotFound)
            .Requires(Permission.ManageAgents).WithSummary("Trust a certificate authority no more, and revoke every credential that rests on it.");
    }

    public static async Task<AuthorityChange> AddAsync(Tx tx, Origin origin, Request request, CancellationToken ct)
    {
        var name = request.Name.Trim();
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
        {
            return Refuse("name", $"is to have 1 to {MaxName} characters, none of them a control character");
        }

        if (TlsCertificate.TryReadPem(request.Pem, TrustedAuthority.MaxCertificates) is not { } certificates)
        {
            return Refuse("pem", RegisterCertificate.DescribePem(request.Pem, $"is to be one to {TrustedAuthority.MaxCertificates} certificates in PEM"));
        }

        if (TrustedAuthority.TryRead(certificates, tx.Now, out var defect) is not { } trusted)
        {
            return Refuse("pem", Describe(defect));
        }

        if (await AuthorityRows.CountAsync(tx, ct) >= Most)
        {
            return new AuthorityChange.Refused(AgentProblems.TooManyAuthorities);
        }

        var authority = new CertificateAuthority(tx.NewId<AuthorityId>(), name, trusted, tx.Now);
        if (!await AuthorityRows.InsertAsync(tx, new AuthorityRow(authority.Id, name, [.. trusted.Certificates], tx.Now), ct))
        {
            return new AuthorityChange.Refused(AgentProblems.AuthorityTaken);
        }

        tx.Emit(origin, new CertificateAuthorityAdded(authority.Id, name, trusted.Root.Thumbprint));
        return new AuthorityChange.Added(authority);
    }

    /// <summary>False where there is none. Its row goes first: who makes a credential holds it, so none can come in between.</summary>
    public static async Task<bool> RemoveAsync(Tx tx, Origin origin, AuthorityId id, CancellationToken ct)
    {
        if (!await AuthorityRows.DeleteAsync(tx, id, ct))
        {
            return false;
        }

        var revoked = await CredentialRows.RevokeOfAuthorityAsync(tx, id, ct);
        foreach (var credential in revoked)
        {
            tx.Emit(origin, new CredentialRevoked(credential.AgentId, credential.CredentialId));
            tx.Notify(AgentDirectory.Topic, credential.AgentId.ToString());
        }

        tx.Emit(origin, new CertificateAuthorityRemoved(id, revoked.Count));
        tx.Notify(AuthorityDirectory.Topic, id.ToString());
        return true;
    }

    private static string Describe(AuthorityDefect? defect) => defect switch
    {
        AuthorityDefect.WrongRoot => "is to hold one root, which issued itself, beside those it leads to",
        AuthorityDefect.NotAnAuthority => "holds a certificate that may not issue others",
        AuthorityDefect.OutOfTime => "holds a certificate whose time is over or has not come",
        AuthorityDefect.Unlinked => "holds a certificate that no chain leads to the root from, or that SHA-1 signed",
        AuthorityDefect.WrongNumber => $"is to hold one to {TrustedAuthority.MaxCertificates} certificates",
        _ => "holds what is no certificate, or one whose key is too weak",
    };

    private static AuthorityChange.Refused Refuse(string field, string message) => new(AgentProblems.InvalidAuthority.WithError(field, message));
}
