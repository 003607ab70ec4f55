using System.Diagnostics.CodeAnalysis;
using Signet.Jose;

namespace Signet.OAuth.Workload;

/// <summary>
/// Whose workloads may act as a client without a secret: tokens of one issuer, for one audience, whose claims say who they are. A policy that would
/// let in more than its author can have meant does not exist.
/// </summary>
public sealed class TrustPolicy
{
    /// <summary>The most rules of one policy.</summary>
    public const int MaxRules = 16;

    private const int MaxTokenLength = 16_384;

    // Ids that are never given to somebody else when a repository, project or account is renamed or deleted.
    private static readonly string[] ImmutableIds =
    [
        "repository_id", "repository_owner_id", // GitHub Actions
        "project_id", "namespace_id", // GitLab CI
        "pipeline_id", "organization_id", // Buildkite
        "oidc.circleci.com/project-id", // CircleCI
        "terraform_workspace_id", "terraform_project_id", // HCP Terraform
        "repositoryUuid", "workspaceUuid", // Bitbucket
        "oid", // Entra ID
    ];

    // These have rules of their own; a second one could only contradict them or seem to replace them.
    private static readonly string[] Judged = ["iss", "aud", "exp", "nbf", "iat"];

    private TrustPolicy(string issuer, string audience, IReadOnlyList<ClaimRule> rules) => (Issuer, Audience, Rules) = (issuer, audience, rules);

    /// <summary>The one <c>iss</c>, an https URL.</summary>
    public string Issuer { get; }

    /// <summary>The sole <c>aud</c>: a token that is for others too could come from them.</summary>
    public string Audience { get; }

    /// <summary>What the claims must be; all hold, or the token is refused.</summary>
    public IReadOnlyList<ClaimRule> Rules { get; }

    /// <summary>Makes a policy; null, with the reason, where it would trust too much.</summary>
    /// <param name="issuer">The one <c>iss</c>.</param>
    /// <param name="audience">The sole <c>aud</c>.</param>
    /// <param name="rules">What the claims must be.</param>
    /// <param name="defect">Why there is none.</param>
    /// <param name="loopback">An issuer on this very machine may do without TLS: for development.</param>
    public static TrustPolicy? TryCreate(
        string issuer, string audience, IReadOnlyList<ClaimRule> rules, [NotNullWhen(false)] out TrustPolicyDefect? defect, bool loopback = false)
    {
        defect =
            !IsIssuer(issuer, loopback) ? TrustPolicyDefect.Issuer
            : audience.Length is 0 or > ClaimRule.MaxLength || audience.Contains('*') ? TrustPolicyDefect.Audience
            : rules.Count > MaxRules ? TrustPolicyDefect.TooManyRules
            : rules.Select(FindIn).FirstOrDefault(found => found is not null) is { } found ? found
            : rules.DistinctBy(rule => rule.Claim).Count() < rules.Count ? TrustPolicyDefect.RepeatedClaim
            // Without an id that lasts, whoever takes over a released name takes over the trust in it.
            : !rules.Any(rule => IsIdentity(rule.Claim)) ? TrustPolicyDefect.NoIdentity
            : null;
        return defect is null ? new(issuer, audience, [.. rules]) : null;
    }

    /// <summary>Verifies a workload's token and evaluates the rules.</summary>
    /// <param name="token">A compact JWT.</param>
    /// <param name="keys">The issuer's keys.</param>
    /// <param name="now">The time.</param>
    /// <param name="maxLifetime">Longest time from now to <c>exp</c>.</param>
    public WorkloadVerification Verify(string token, Jwks keys, DateTimeOffset now, TimeSpan maxLifetime)
    {
        var expected = new JwtExpectations
        {
            // Kubernetes writes no typ; an access or ID token of a kind that names itself is for something else.
            Jws = new() { Types = ["JWT"], TypeMayBeAbsent = true, Algorithms = JwsAlgorithm.All, MaxLength = MaxTokenLength },
            Issuer = Issuer,
            Audiences = [Audience],
            SoleAudience = true,
            MaxLifetime = maxLifetime,
        };
        return Jwt.Verify(token, keys, expected, now) switch
        {
            JwtVerification.Valid valid => Evaluate(valid.Claims),
            JwtVerification.Refused refused => new WorkloadVerification.ClaimsRefused(refused.Defect),
            JwtVerification.NotVerified notVerified => new WorkloadVerification.NotVerified(notVerified.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private WorkloadVerification Evaluate(JwtClaims claims) =>
        claims.Subject is not { Length: > 0 } subject ? new WorkloadVerification.RuleBroken("sub")
        : Rules.FirstOrDefault(rule => !rule.Holds(claims.Members)) is { } broken ? new WorkloadVerification.RuleBroken(broken.Claim)
        : new WorkloadVerification.Trusted(claims, subject, claims.Id, claims.ExpiresAt!.Value);

    private static TrustPolicyDefect? FindIn(ClaimRule rule) =>
        rule.Claim.Length is 0 or > ClaimRule.MaxLength || Judged.Contains(rule.Claim) ? TrustPolicyDefect.Claim
        : rule.Value.Length is 0 or > ClaimRule.MaxLength ? TrustPolicyDefect.Value
        : rule.IsPattern && !IsNarrow(rule) ? TrustPolicyDefect.Pattern
        : null;

    // A pattern begins with something, and has few stars. Of sub, the part before the first star must be whole, up to ':' or '/': "repo:acme*" is also
    // repo:acme-evil. An id is a whole.
    private static bool IsNarrow(ClaimRule rule)
    {
        var star = rule.Value.IndexOf('*');
        return star > 0 && rule.Value.Count(c => c == '*') <= ClaimRule.MaxStars
            && !ImmutableIds.Contains(rule.Claim)
            && (rule.Claim != "sub" || rule.Value[star - 1] is ':' or '/');
    }

    private static bool IsIdentity(string claim) => claim == "sub" || ImmutableIds.Contains(claim);

    private static bool IsIssuer(string issuer, bool loopback) =>
        issuer.Length <= ClaimRule.MaxLength && !issuer.Contains('*') && Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (loopback && uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;
}

/// <summary>Why a policy can't be made.</summary>
public enum TrustPolicyDefect
{
    /// <summary>The issuer is no https URL without query and fragment, or has a star.</summary>
    Issuer,

    /// <summary>The audience is empty, too long, or has a star.</summary>
    Audience,

    /// <summary>More than <see cref="TrustPolicy.MaxRules"/>.</summary>
    TooManyRules,

    /// <summary>A rule names no claim, or one that is judged anyway: <c>iss</c>, <c>aud</c>, <c>exp</c>, <c>nbf</c>, <c>iat</c>.</summary>
    Claim,

    /// <summary>The value of a rule is empty or too long.</summary>
    Value,

    /// <summary>
    /// A pattern without star, with too many, or that begins with one; on an id that lasts; or on <c>sub</c> with a first star that does not follow ':' or
    /// '/'.
    /// </summary>
    Pattern,

    /// <summary>Two rules are about one claim.</summary>
    RepeatedClaim,

    /// <summary>No rule is about <c>sub</c> or an id that lasts (<c>repository_id</c>, <c>project_id</c> and the like).</summary>
    NoIdentity,
}
