using System.CommandLine;
using Signet.Platform.Data;
using Signet.Platform.Postgres;

namespace Signet.Host.Cli;

/// <summary><c>signet db promote</c>: from the embedded database to one of your own.</summary>
internal static class DbCommand
{
    public static Command Make()
    {
        var to = new Option<string>("--to") { Description = "postgresql://user:password@host:5432/database, empty.", Required = true };
        var promote = new Command("promote", "Copy the embedded database to another one and compare every table. Stop the server first.") { to };
        promote.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (DatabaseUrl.TryParse(parsed.GetValue(to)!) is not { } target)
            {
                return Output.Fail("--to: is to be postgresql://user:password@host:5432/database.");
            }

            var settings = host.Opened.Settings;
            await using var database = new Database(new DatabaseAddress(target, target, settings.Schema, settings.DatabasePool));
            switch (await PromoteDatabase.RunAsync(host.Opened.Database, database, TimeProvider.System, progress: null, token))
            {
                case Promotion.Done done:
                    Output.Table(done.Tables, table => table.Name, table => $"{table.Rows}", table => table.Checksum);
                    Output.Line("Every table is there, row for row. Set DATABASE_URL to this database and start again.");
                    return 0;
                case Promotion.SourceRefused refused:
                    return Output.Fail(refused.State.Advice);
                case Promotion.TargetNotEmpty full:
                    return Output.Fail($"--to: the target is not empty: table {full.Table} of schema {full.Schema} has rows.");
                case Promotion.Differs differs:
                    return Output.Fail($"{differs.Name} differs after the copy: {differs.Source} here, {differs.Target} there. Nothing was switched over.");
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }, ct));
        return new Command("db", "The database.") { promote };
    }
}
