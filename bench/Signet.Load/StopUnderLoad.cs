using System.Diagnostics;
using System.Globalization;

namespace Signet.Load;

/// <summary>
/// Suspends an agent while 16 connections, half of them to each node, get tokens as it, use its token and have it introspected. What counts is when the last call that
/// was accepted began and ended, by one clock, after the answer to the suspension.
/// </summary>
internal sealed class StopUnderLoad(string[] origins, string key)
{
    private const int Connections = 16;

    public async Task<bool> RunAsync(int rounds)
    {
        var nodes = origins.Select(origin => new Api(origin, origins[0], key, Connections)).ToList();
        var watcher = await nodes[0].AddSecretAsync(await nodes[0].RegisterAsync($"watch-{Guid.NewGuid():N}@agents.example", "tokens:read"));
        var worst = TimeSpan.Zero;
        Console.WriteLine("round   calls before   accepted after   last began ms   last ended ms   the others refused");
        for (var round = 1; round <= rounds; round++)
        {
            var agent = await nodes[0].AddSecretAsync(await nodes[0].RegisterAsync($"stop-{Guid.NewGuid():N}@agents.example", "agents:read"));
            var token = await nodes[0].TokenAsync(agent) ?? throw new InvalidOperationException("no token to begin with");
            using var end = new CancellationTokenSource();
            var load = Enumerable.Range(0, Connections).Select(number => Task.Run(() => CallAsync(nodes[number % nodes.Count], number / nodes.Count % 3, agent, watcher, token, end.Token))).ToList();
            await Task.Delay(2000);
            using (await nodes[0].SendAsync(HttpMethod.Patch, $"/api/v1/agents/{agent.Id}", new { status = "suspended" }))
            {
                var stopped = Stopwatch.GetTimestamp();
                await Task.Delay(3000);
                await end.CancelAsync();
                var calls = (await Task.WhenAll(load)).SelectMany(own => own).ToList();
                var late = calls.Where(call => call.Accepted && call.Ended > stopped).ToList();
                var last = late.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(stopped, late.Max(call => call.Ended));
                var began = late.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(stopped, late.Max(call => call.Began));
                worst = last > worst ? last : worst;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{round,5} {calls.Count(call => call.Accepted && call.Ended <= stopped),14} {late.Count,16} {began.TotalMilliseconds,15:F1} {last.TotalMilliseconds,15:F1} {calls.Count(call => !call.Accepted),20}"));
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the last accepted call of all rounds ended {worst.TotalMilliseconds:F1} ms after the answer to the suspension"));
        nodes.ForEach(node => node.Dispose());
        return worst < TimeSpan.FromSeconds(1);
    }

    private static async Task<List<(long Began, long Ended, bool Accepted)>> CallAsync(
        Api node, int kind, (string Id, string Secret) agent, (string Id, string Secret) watcher, string token, CancellationToken end)
    {
        var calls = new List<(long, long, bool)>();
        while (!end.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            var accepted = kind switch
            {
                0 => await node.TokenAsync(agent) is not null,
                1 => await node.IsActiveAsync(watcher, token),
                _ => await node.IsAcceptedAsync(token, "/api/v1/agents?limit=1"),
            };
            calls.Add((began, Stopwatch.GetTimestamp(), accepted));
        }

        return calls;
    }
}
