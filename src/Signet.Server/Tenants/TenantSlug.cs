namespace Signet.Server.Tenants;

/// <summary>A DNS label (RFC 1035 §2.3.1, in lower case) that may name a tenant.</summary>
public static class TenantSlug
{
    // Names that people would take for Signet itself, or that a proxy or mail set-up uses.
    private static readonly HashSet<string> Reserved =
        ["default", "www", "api", "admin", "console", "account", "mail", "smtp", "auth", "login", "static", "assets", "status", "localhost"];

    public static bool IsValid(string? text) =>
        text is { Length: >= 1 and <= 63 }
        && text[0] != '-' && text[^1] != '-'
        && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    public static bool IsReserved(string slug) => Reserved.Contains(slug);
}
