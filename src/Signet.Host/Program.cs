using System.CommandLine;
using Signet.Host.Cli;

var root = new RootCommand("Signet: accounts, sign-in, tokens, and the record of all of it.")
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
    ApiKeyCommand.Make(),
    AuditCommand.Make(),
    JobsCommand.Make(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
