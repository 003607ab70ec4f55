using System.CommandLine;

namespace Signet.Host.Cli;

/// <summary>All commands, in the order in which help lists them.</summary>
internal static class CommandTree
{
    public static RootCommand Make() => new("Signet: accounts, sign-in, tokens, and the record of all of it.")
    {
        HostOptions.Data,
        ServeCommand.Make(),
        CheckCommand.Make(),
        MigrateCommand.Make(),
        DbCommand.Make(),
        SecretsCommand.Make(),
        TenantCommand.Make(),
        KeysCommand.Make(),
        UserCommand.Make(),
        ClientCommand.Make(),
        AgentCommand.Make(),
        BlueprintCommand.Make(),
        ApprovalCommand.Make(),
        ApiKeyCommand.Make(),
        PolicyCommand.Make(),
        TrustPolicyCommand.Make(),
        CertificateAuthorityCommand.Make(),
        FederationCommand.Make(),
        WebhookCommand.Make(),
        AuditCommand.Make(),
        JobsCommand.Make(),
    };
}
