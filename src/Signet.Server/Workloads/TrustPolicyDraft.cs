using System.Text;
using Signet.OAuth;
using Signet.OAuth.Workload;
using Signet.Platform.Http;
using Signet.Platform.Outbound;

namespace Signet.Server.Workloads;

/// <summary>What may be said of a trust policy; checked as a whole, each fault under its field's name.</summary>
internal sealed record TrustPolicyDraft(
    string Name, string Issuer, string Audience, IReadOnlyList<ClaimRule> Rules, string? Jwks, string? JwksUri, IReadOnlyList<string> Scopes, int MaxSeconds)
{
    private const int MostScopes = 100;
    private const int MaxJwks = 64 * 1024;

    /// <summary>Null if all of it may stand.</summary>
    public Problem? Refuse(OutboundHttp door, bool loopback)
    {
        var errors = new Dictionary<string, string[]>();
        if (Name.Trim().Length is 0 or > 200 || Name.Any(char.IsControl))
        {
            errors["name"] = ["is to have 1 to 200 characters"];
        }

        if (TrustPolicy.TryCreate(Issuer, Audience, Rules, out var defect, loopback) is null && defect is not null)
        {
            var (field, message) = Describe(defect.Value);
            errors[field] = [message];
        }
        // Control characters are in no claim worth comparing, and not to be kept.
        else if (Rules.Any(rule => rule.Value.Any(char.IsControl) || rule.Claim.Any(char.IsControl)) || Audience.Any(char.IsControl))
        {
            errors["rules"] = ["have a control character"];
        }
        else if (Jwks is null && JwksUri is null && door.Check(Issuer) is not null)
        {
            errors["issuer"] = ["is to be an https URL of a machine on the public Internet, or to come with its keys"];
        }

        if (Jwks is not null && JwksUri is not null)
        {
            errors["jwks"] = ["one of jwks and jwksUri is to be given, or neither"];
        }
        else if (Jwks is not null && (Jwks.Length > MaxJwks || Jose.Jwks.TryParse(Encoding.UTF8.GetBytes(Jwks)) is not { Keys.Count: > 0, LeftOut: [] }))
        {
            errors["jwks"] = ["is to be a JWK Set (RFC 7517) of public keys for signatures"];
        }

        if (JwksUri is { } uri && door.Check(uri) is not null)
        {
            errors["jwksUri"] = ["is to be an https URL of a machine on the public Internet"];
        }

        if (Scopes.Count is 0 or > MostScopes || !Scopes.All(ScopeSet.IsToken))
        {
            errors["scopes"] = [$"name 1 to {MostScopes} scopes (RFC 6749 §3.3)"];
        }

        if (MaxSeconds is < 60 or > 3600)
        {
            errors["maxTokenSeconds"] = ["is to be 60 to 3600"];
        }

        return errors.Count == 0 ? null : TrustPolicyProblems.Invalid with { Errors = errors };
    }

    private static (string Field, string Message) Describe(TrustPolicyDefect defect) => defect switch
    {
        TrustPolicyDefect.Issuer => ("issuer", "is to be an https URL without query, fragment and *, as the tokens have it in iss"),
        TrustPolicyDefect.Audience => ("audience", "is to have 1 to 1024 characters and no *"),
        TrustPolicyDefect.TooManyRules => ("rules", $"are to be {TrustPolicy.MaxRules} at most"),
        TrustPolicyDefect.Claim => ("rules", "each name a claim, and not iss, aud, exp, nbf or iat, which are judged anyway"),
        TrustPolicyDefect.Value => ("rules", "each have a value of 1 to 1024 characters"),
        TrustPolicyDefect.Pattern =>
            ("rules", "have a pattern that is too wide: it begins with something, has 1 to 4 *, in sub only after : or /, and none in an id that lasts"),
        TrustPolicyDefect.RepeatedClaim => ("rules", "name a claim twice"),
        TrustPolicyDefect.NoIdentity => ("rules", "name sub, or an id that lasts such as repository_id or project_id"),
    };
}
