using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Signet.Testing;

/// <summary>A Redis server of the test's own, which can be killed and started again at the same address, empty.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("signet-redis-");
    private readonly int port = FreePort();
    private Process? process;

    private RedisProcess()
    {
    }

    public string Url => $"redis://127.0.0.1:{port}";

    public static async Task<RedisProcess> StartNewAsync(CancellationToken ct)
    {
        var redis = new RedisProcess();
        await redis.StartAsync(ct);
        return redis;
    }

    public async Task StartAsync(CancellationToken ct)
    {
        process = Process.Start(new ProcessStartInfo("redis-server")
        {
            ArgumentList = { "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.FullName, "--logfile", "redis.log" },
        })!;
        await Until.TrueAsync(AnswersAsync, ct);
    }

    public async Task KillAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process?.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[5];
            await stream.ReadExactlyAsync(answer);
            return answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
