using System.Text.RegularExpressions;
using Signet.Platform.Migrations;
using Xunit;

namespace Server.Tests.Rules;

/// <summary>SQL lives in a module's Storage and in the platform, and names only the tables of its own module.</summary>
public sealed partial class SqlTests
{
    // Whose each table is. The platform's are one mechanism: the relay makes jobs of events in one statement. A table that is not here has no owner, and the first test says so.
    private static readonly Dictionary<string, string> Owners = new(StringComparer.Ordinal)
    {
        ["outbox"] = "Platform",
        ["jobs"] = "Platform",
        ["schedules"] = "Platform",
        ["leases"] = "Platform",
        ["replay_guard"] = "Platform",
        ["tenants"] = "Server.Tenants",
        ["tenant_settings"] = "Server.Tenants",
        ["secret_versions"] = "Server.Secrets",
        ["data_keys"] = "Server.Secrets",
        ["subject_keys"] = "Server.Secrets",
        ["signing_keys"] = "Server.Keys",
        ["audit_events"] = "Server.Audit",
        ["audit_tiles"] = "Server.Audit",
        ["audit_checkpoints"] = "Server.Audit",
        ["audit_keys"] = "Server.Audit",
        ["audit_retention"] = "Server.Audit",
        ["webhooks"] = "Server.Webhooks",
        ["webhook_secrets"] = "Server.Webhooks",
        ["webhook_deliveries"] = "Server.Webhooks",
        ["role_assignments"] = "Server.Permissions",
        ["api_keys"] = "Server.Permissions",
        ["users"] = "Server.Users",
        ["user_search_terms"] = "Server.Users",
        ["organizations"] = "Server.Organizations",
        ["organization_members"] = "Server.Organizations",
        ["passwords"] = "Server.Passwords",
        ["sessions"] = "Server.Sessions",
        ["sign_in_flows"] = "Server.SignIn",
        ["clients"] = "Server.Clients",
        ["client_secrets"] = "Server.Clients",
        ["agents"] = "Server.Agents",
        ["agent_search_terms"] = "Server.Agents",
        ["certificate_authorities"] = "Server.Agents",
        ["agent_credentials"] = "Server.Agents",
        ["agent_cards"] = "Server.AgentCards",
        ["approvals"] = "Server.Approvals",
        ["agent_token_counts"] = "Server.Agents",
        ["agent_blueprints"] = "Server.Governance",
        ["trust_policies"] = "Server.Workloads",
        ["bootstrap_tokens"] = "Server.Workloads",
        ["consents"] = "Server.Consent",
        ["delegations"] = "Server.Delegations",
        ["agent_consent_requests"] = "Server.Delegations",
        ["agent_consents"] = "Server.Delegations",
        ["own_trust_marks"] = "Server.Federation",
        ["trust_mark_delegations"] = "Server.Federation",
        ["trust_mark_jwts"] = "Server.Federation",
        ["trust_mark_requests"] = "Server.Federation",
        ["trust_mark_types"] = "Server.Federation",
        ["trust_marks"] = "Server.Federation",
        ["federation_entities"] = "Server.Federation",
        ["federation_keys"] = "Server.Federation",
        ["federation_statements"] = "Server.Federation",
        ["federation_subordinates"] = "Server.Federation",
        ["federation_subordinate_events"] = "Server.Federation",
        ["authorization_requests"] = "Server.OAuth",
        ["authorization_codes"] = "Server.OAuth",
        ["grants"] = "Server.OAuth",
        ["refresh_tokens"] = "Server.OAuth",
        ["revoked_tokens"] = "Server.OAuth",
        ["setup"] = "Server.Setup",
    };

    private static IEnumerable<Piece> Code => House.Assembly("Signet.Server").Concat(House.Assembly("Signet.Platform")).Concat(House.Assembly("signet"));

    [Fact]
    public void Every_table_has_an_owner()
    {
        var made = Migration.Embedded
            .SelectMany(migration => Created().Matches(migration.Sql))
            .Select(match => match.Groups["table"].Value)
            .ToList();

        Assert.NotEmpty(made);
        Assert.Equal(made.Distinct().Order(), Owners.Keys.Order());
    }

    [Fact]
    public void Sql_lives_in_storage_and_in_the_platform()
    {
        var offences =
            from piece in Code
            where !piece.Namespace.StartsWith("Signet.Platform", StringComparison.Ordinal) && !piece.Namespace.EndsWith(".Storage", StringComparison.Ordinal)
            from literal in piece.Literals
            where Statement().IsMatch(literal)
            select $"{piece.FullName}: {literal.Trim().Split('\n')[0]}";

        Rule.Holds(offences);
    }

    [Fact]
    public void Sql_names_only_the_tables_of_its_module()
    {
        var offences =
            from piece in Code
            from literal in piece.Literals
            from Match named in Named().Matches(literal)
            let table = named.Groups["table"].Value
            where Owners.TryGetValue(table, out var owner) && IsStatement(literal)
                && !$"{piece.Namespace}.".StartsWith($"Signet.{owner}.", StringComparison.Ordinal)
            select $"{piece.FullName} names {table}";

        Rule.Holds(offences.Except(Bent));
    }

    // Whether a tenant keeps an acting owner is one question under one lock: asked of two modules in turn, a race would fall between the answers.
    private static readonly string[] Bent = ["Signet.Server.Permissions.Storage.RoleAssignments names users"];

    [Theory]
    [InlineData("select id from users", true)]
    [InlineData("\n    insert into users (id) values (@id)", true)]
    [InlineData("update users set name = @name", true)]
    [InlineData("delete from users", true)]
    [InlineData("with old as (delete from users returning id) select count(*) from old", true)]
    [InlineData("Select a user from the list.", false)]
    [InlineData("The update was refused.", false)]
    public void The_search_knows_a_statement_from_prose(string text, bool isStatement) => Assert.Equal(isStatement, Statement().IsMatch(text));

    // A statement put together from pieces has its table in a piece without a verb.
    private static bool IsStatement(string literal) => Statement().IsMatch(literal) || literal.Contains('@');

    [GeneratedRegex(@"^\s*create (unlogged )?table (if not exists )?(?<table>\w+)(?! partition of)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Created();

    // Lower case on purpose: statements are written so, and sentences begin with a capital.
    [GeneratedRegex(@"^\s*(select\s+[^.]*?\sfrom\s+\w|select\s+\w+\(|insert into \w|update \w+( \w+)? ?\s+set\s|delete from \w|with \w+ as \(|truncate \w|lock table)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Statement();

    [GeneratedRegex(@"\b(from|join|into|update|using)\s+(?<table>[a-z_]+)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
