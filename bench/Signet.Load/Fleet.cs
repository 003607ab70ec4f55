using System.Diagnostics;
using System.Globalization;

namespace Signet.Load;

/// <summary>Many agents: what a token, a page of the list and a search take, each asked of other agents than the time before.</summary>
internal sealed class Fleet(string origin, string key) : IDisposable
{
    private const int Connections = 4;
    private const int WithSecret = 500;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    private readonly Api api = new(origin, origin, key, 16);
    private readonly Random random = new(7);

    public async Task RunAsync(int wanted)
    {
        var there = await api.CountAsync("fleet");
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(there, Math.Max(0, wanted - there)), new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (number, _) => await api.RegisterAsync($"fleet-{number:x6}@agents.example"));
        if (wanted > there)
        {
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            Say($"registered {wanted - there} agents in {seconds:F1} s: {(wanted - there) / seconds:F0}/s");
        }

        var agents = await WithSecretsAsync(wanted);
        Say($"{"agents",8} {"operation",-28} {"op/s",8} {"p50 ms",8} {"p99 ms",8}");
        await MeasureAsync(wanted, "token, any of 500 agents", async () => _ = await api.TokenAsync(agents[Next(agents.Count)]) ?? throw new InvalidOperationException("no token"));
        await MeasureAsync(wanted, "list, first page", () => ListAsync("?limit=50"));
        await MeasureAsync(wanted, "list, a page in the middle", () => ListAsync($"?limit=50&before={agents[Next(agents.Count)].Id}"));
        await MeasureAsync(wanted, "search, one agent", () => ListAsync($"?limit=50&search=fleet-{Next(wanted):x6}"));
        await MeasureAsync(wanted, "search, all of them", () => ListAsync("?limit=50&search=fleet"));
        await MeasureAsync(wanted, "search, none", () => ListAsync($"?limit=50&search=nobody{Next(1000)}"));
        await MeasureAsync(wanted, "list, suspended alone", () => ListAsync("?limit=50&status=suspended"));
    }

    public void Dispose() => api.Dispose();

    private async Task<List<(string Id, string Secret)>> WithSecretsAsync(int count)
    {
        var made = new List<(string, string)>();
        for (var number = 0; number < WithSecret; number++)
        {
            using var found = await api.SendAsync(HttpMethod.Get, $"/api/v1/agents?search=fleet-{number * (long)count / WithSecret:x6}");
            made.Add(await api.AddSecretAsync(found.RootElement.GetProperty("agents")[0].GetProperty("agentId").GetString()!));
        }

        return made;
    }

    private async Task ListAsync(string query)
    {
        using var page = await api.SendAsync(HttpMethod.Get, $"/api/v1/agents{query}");
    }

    private int Next(int below)
    {
        lock (random)
        {
            return random.Next(below);
        }
    }

    private static async Task MeasureAsync(int agents, string name, Func<Task> operation)
    {
        await TimesAsync(operation, Warm);
        var times = await TimesAsync(operation, Measured);
        times.Sort();
        Say($"{agents,8} {name,-28} {times.Count / Measured.TotalSeconds,8:F0} {Milliseconds(times, 50),8:F2} {Milliseconds(times, 99),8:F2}");
    }

    private static double Milliseconds(List<long> times, int percent) => Stopwatch.GetElapsedTime(0, times[Math.Min(times.Count - 1, times.Count * percent / 100)]).TotalMilliseconds;

    private static async Task<List<long>> TimesAsync(Func<Task> operation, TimeSpan during)
    {
        var begun = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            var times = new List<long>();
            while (Stopwatch.GetElapsedTime(begun) < during)
            {
                var started = Stopwatch.GetTimestamp();
                await operation();
                times.Add(Stopwatch.GetTimestamp() - started);
            }

            return times;
        })));
        return [.. each.SelectMany(times => times)];
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
