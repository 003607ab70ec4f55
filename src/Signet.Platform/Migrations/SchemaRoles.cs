using Npgsql;
using Signet.Platform.Data;

namespace Signet.Platform.Migrations;

/// <summary>
/// Makes sure of the schema and of the two roles the server enters. Where an administrator made them beforehand nothing but membership is needed,
/// so an account without CREATEROLE or CREATE can migrate too.
/// </summary>
internal static class SchemaRoles
{
    private const int Attempts = 5;

    public static async Task EnsureAsync(NpgsqlConnection connection, DatabaseAddress address, CancellationToken ct)
    {
        if (!await HasAsync(connection, "select exists (select from pg_namespace where nspname = $1)", address.Schema, ct))
        {
            await RunAsync(connection, $"create schema {Quote(address.Schema)}", ct);
        }

        foreach (var role in new[] { address.ApplicationRole, address.SystemRole })
        {
            await EnsureRoleAsync(connection, address, role, ct);
        }

        var roles = $"{Quote(address.ApplicationRole)}, {Quote(address.SystemRole)}";
        await RunAsync(connection, $"grant usage on schema {Quote(address.Schema)} to {roles}", ct);
    }

    /// <summary>A name as SQL wants it, whatever is in it.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // Roles belong to the whole cluster: a migration of another database may make the same ones at the same moment, and lock neither of us out.
    private static async Task EnsureRoleAsync(NpgsqlConnection connection, DatabaseAddress address, string role, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (!await HasAsync(connection, "select exists (select from pg_roles where rolname = $1)", role, ct))
                {
                    await RunAsync(connection, $"create role {Quote(role)} nologin", ct);
                }

                await GrantAsync(connection, role, account: null, ct);
                var login = new NpgsqlConnectionStringBuilder(address.ConnectionString).Username;
                if (login is not null && login != new NpgsqlConnectionStringBuilder(address.OwnerConnectionString).Username)
                {
                    await GrantAsync(connection, role, login, ct);
                }

                return;
            }
            catch (PostgresException raced) when (attempt < Attempts && IsRace(raced))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), ct);
            }
        }
    }

    private static bool IsRace(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.InternalError;

    // From PostgreSQL 16 on, who makes a role may administer it but not yet enter it.
    private static async Task GrantAsync(NpgsqlConnection connection, string role, string? account, CancellationToken ct)
    {
        var right = connection.PostgreSqlVersion.Major >= 16 ? "SET" : "MEMBER";
        var who = account is null ? "current_user" : "$2";
        await using var asked = new NpgsqlCommand($"select pg_has_role({who}, $1, '{right}')", connection);
        asked.Parameters.Add(new NpgsqlParameter<string>("", role));
        if (account is not null)
        {
            asked.Parameters.Add(new NpgsqlParameter<string>("", account));
        }

        if (await asked.ExecuteScalarAsync(ct) is not true)
        {
            await RunAsync(connection, $"grant {Quote(role)} to {(account is null ? "current_user" : Quote(account))}", ct);
        }
    }

    private static async Task<bool> HasAsync(NpgsqlConnection connection, string sql, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string>("", name));
        return await command.ExecuteScalarAsync(ct) is true;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
