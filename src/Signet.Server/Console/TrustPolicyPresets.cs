namespace Signet.Server.Console;

/// <summary>What the tokens of well-known platforms look like, to begin a policy with. What stands in capitals is for the reader to put in.</summary>
internal static class TrustPolicyPresets
{
    public sealed record Preset(string Key, string Label, TrustPolicyForm Form);

    public static readonly IReadOnlyList<Preset> All =
    [
        new("github", "GitHub Actions", Of("https://token.actions.githubusercontent.com", "repository_id = REPOSITORY_ID\nref = refs/heads/main")),
        new("gitlab", "GitLab CI", Of("https://gitlab.com", "project_id = PROJECT_ID\nref_protected = true")),
        new("kubernetes", "Kubernetes", Of("https://ISSUER_OF_THE_CLUSTER", "sub = system:serviceaccount:NAMESPACE:NAME")),
        new("aws", "AWS", Of("https://ISSUER_OF_THE_ACCOUNT.tokens.sts.global.api.aws", "sub = arn:aws:iam::ACCOUNT:role/ROLE")),
        new("azure", "Microsoft Azure", Of("https://login.microsoftonline.com/TENANT_ID/v2.0", "oid = OBJECT_ID_OF_THE_IDENTITY")),
        new("gcp", "Google Cloud", Of("https://accounts.google.com", "sub = UNIQUE_ID_OF_THE_SERVICE_ACCOUNT")),
        new("spiffe", "SPIFFE", Of("https://OIDC_DISCOVERY_OF_THE_TRUST_DOMAIN", "sub = spiffe://TRUST_DOMAIN/PATH")),
    ];

    private static TrustPolicyForm Of(string issuer, string rules) => new() { Issuer = issuer, Rules = rules };
}
