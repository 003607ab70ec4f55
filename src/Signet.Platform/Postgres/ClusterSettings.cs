namespace Signet.Platform.Postgres;

/// <summary>
/// PostgreSQL's settings for a private cluster, written anew at every start: no TCP, and only root and the account that runs it get in, known by their socket.
/// </summary>
internal static class ClusterSettings
{
    public static void Write(ClusterFolder folder, bool durable)
    {
        Put(folder, "postgresql.conf", Server(folder, durable));
        Put(folder, "pg_hba.conf", "local all all peer map=signet\n");
        Put(folder, "pg_ident.conf", string.Concat(
            from account in new[] { folder.Account.Name, OsAccount.Current.Name, "root" }.Distinct(StringComparer.Ordinal)
            from role in new[] { PrivateCluster.Account, PrivateCluster.Administrator }
            select $"signet \"{account}\" {role}\n"));
    }

    private static string Server(ClusterFolder folder, bool durable) => $"""
        # Written by signet at every start.
        listen_addresses = ''
        unix_socket_directories = '"{folder.SocketFolder.Replace("'", "''", StringComparison.Ordinal).Replace("\"", "\"\"", StringComparison.Ordinal)}"'
        unix_socket_permissions = 0700
        cluster_name = 'signet'
        max_connections = 120
        shared_buffers = 192MB
        effective_cache_size = 1GB
        work_mem = 8MB
        maintenance_work_mem = 64MB
        max_wal_size = 2GB
        checkpoint_timeout = 15min
        wal_compression = on
        wal_level = replica
        random_page_cost = 1.1
        jit = off
        max_parallel_workers_per_gather = 0
        huge_pages = off
        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'
        logging_collector = off
        log_line_prefix = ''
        log_checkpoints = off
        log_min_messages = warning
        log_min_error_statement = panic
        synchronous_commit = on
        fsync = {(durable ? "on" : "off")}
        full_page_writes = {(durable ? "on" : "off")}

        """;

    private static void Put(ClusterFolder folder, string name, string content)
    {
        var path = Path.Combine(folder.Cluster, name);
        // Into a new file, then renamed: a full disk leaves the old one whole.
        var written = path + ".new";
        File.WriteAllText(written, content);
        File.SetUnixFileMode(written, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Posix.OwnerOf(written)?.User != folder.Account.User)
        {
            Posix.ChangeOwner(written, folder.Account.User, folder.Account.Group);
        }

        File.Move(written, path, overwrite: true);
    }
}
