using Signet.Platform.Http;

namespace Signet.Server.Federation;

public static class TrustMarkProblems
{
    public static readonly Problem TypeNotFound = new(404, "trust_mark_types.not_found", "There is no such type of trust mark.");

    public static readonly Problem TypeExists = new(409, "trust_mark_types.already_exists", "There is a type of trust mark with this name.");

    public static readonly Problem TypeInUse = new(409, "trust_mark_types.in_use", "Marks or delegations of this type were issued or asked for; it can be made inactive.");

    public static readonly Problem InvalidType = new(400, "invalid_input", "The type of trust mark can't be so.");

    public static readonly Problem NotOurs = new(409, "trust_mark_types.not_ours", "Another entity owns the type, and has not delegated it to this one.");

    public static readonly Problem Inactive = new(409, "trust_mark_types.inactive", "The type is not active: no marks of it are issued.");

    public static readonly Problem NotOwner = new(409, "trust_mark_types.not_owner", "Only the owner of a type can let others issue it.");

    public static readonly Problem DelegationNotFound = new(404, "trust_mark_types.delegation_not_found", "Nobody else is let to issue it under this name.");

    public static readonly Problem NotFound = new(404, "trust_marks.not_found", "There is no such trust mark.");

    public static readonly Problem Exists = new(409, "trust_marks.already_exists", "The subject has a mark of this type.");

    public static readonly Problem Invalid = new(400, "invalid_input", "The trust mark can't be so.");

    public static readonly Problem Revoked = new(409, "trust_marks.revoked", "The mark was revoked; issue another one.");

    public static readonly Problem Suspended = new(409, "trust_marks.suspended", "The mark is suspended; activate it first.");

    public static readonly Problem RequestNotFound = new(404, "trust_mark_requests.not_found", "There is no such request.");

    public static readonly Problem Decided = new(409, "trust_mark_requests.decided", "The request was decided.");

    public static readonly Problem OwnNotFound = new(404, "own_trust_marks.not_found", "No such mark of another issuer is shown.");
}
