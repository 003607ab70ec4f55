using System.Collections.Concurrent;
using Server.Tests.Rules;
using Xunit;

namespace Server.Tests.BadInput;

/// <summary>
/// Every address of the running server, asked in every wrong way there is a name for, by nobody, by an owner in a browser, and with a key: each request gets
/// an answer, of the form its route speaks, with the headers every answer has, and nothing is logged. Addresses, methods and parameters come from the
/// server itself (<see cref="Route"/>, <see cref="Parameters"/>), so a new route is asked too. The values are those of a fixed seed for each route;
/// what fails is printed as it was sent. A usual run asks every route with a third of what is wrong; <c>SIGNET_WILD=all</c> asks with all of it.
/// </summary>
public sealed class WildRequestTests(WholeServer server) : IClassFixture<WholeServer>, IAsyncLifetime
{
    private const int Seed = 20260801;
    private const int Lanes = 4;

    // A route gets one in so many of its wrong requests.
    private static readonly int Share = Environment.GetEnvironmentVariable("SIGNET_WILD") == "all" ? 1 : 3;

    private readonly Stage stage = new(server);
    private readonly ConcurrentBag<string> offences = [];
    private GoodRequests good = null!;
    private Verdict verdict = null!;
    private int sent;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await stage.OpenAsync();
        good = await GoodRequests.FindAsync(server, stage);
        verdict = new Verdict(stage.AccessToken, stage.RefreshToken, server.ApiKey.Parameter!, server.Application.Parameter!);
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task No_route_has_its_own_way_of_answering_what_is_wrong()
    {
        // At some of these the whole record is read: while it is short.
        var routes = Route.Of(server.Endpoints).OrderByDescending(route => route.Template.Contains("/audit", StringComparison.Ordinal)).ToList();

        await ForEachAsync(routes, SpoilAsync);

        Rule.Holds(offences.Concat(server.Log.Records));
        Assert.True(sent > routes.Count * 50 / Share, $"Only {sent} requests to {routes.Count} routes.");
    }

    [Fact]
    public async Task No_address_takes_a_method_it_has_not()
    {
        string[] methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"];
        var routes = Route.Of(server.Endpoints);
        var lead = await stage.MakeOwnerAsync();

        await ForEachAsync(routes.DistinctBy(route => route.Template), async route =>
        {
            await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
            var scene = await stage.SetAsync(route, lead);
            foreach (var request in methods.Select(method => good.Make(route with { Method = method }, Caller.Nobody, scene)))
            {
                if (!routes.Any(other => other.Method == request.Method && other.Takes(request.Path))
                    && await AskAsync(connection, route, request, "method") is { Status: not 405 } answer)
                {
                    offences.Add($"{request.Method} {route.Template}: {answer.Status}");
                }
            }
        });

        Rule.Holds(offences.Concat(server.Log.Records));
    }

    /// <summary>What is spoiled must be good otherwise, or nothing comes further than the first check.</summary>
    [Fact]
    public async Task Unspoiled_most_routes_take_it()
    {
        var refused = new ConcurrentBag<string>();
        var routes = Route.Of(server.Endpoints);

        await ForEachAsync(routes, async route =>
        {
            await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
            var lead = await stage.MakeOwnerAsync();
            foreach (var caller in GoodRequests.CallersOf(route))
            {
                if (await IsWelcomeAsync(connection, route, caller, lead))
                {
                    return;
                }
            }

            refused.Add(route.ToString());
        });

        Rule.Holds(offences);
        Assert.True(refused.Count < routes.Count / 8, string.Join('\n', refused.Order(StringComparer.Ordinal)));
    }

    /// <summary>Of those that limit: whoever asks too often from one address is told when to come back, at the page as at the API.</summary>
    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_back()
    {
        const int MostTries = 70;
        string[] known = ["/oauth2/token", "/setup", "/sign-in", "/sign-up", "/v1/auth/login", "/v1/auth/register"];
        var limited = new ConcurrentBag<string>();

        await ForEachAsync(Route.Of(server.Endpoints).Where(route => !route.IsReading && !route.IsGuarded), async route =>
        {
            await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
            var scene = await stage.SetAsync(route, await stage.MakeOwnerAsync());
            for (var tries = 0; tries < MostTries; tries++)
            {
                // The browser's token without a session: as a stranger's browser has it.
                var request = good.Make(route, Caller.Owner, scene with { Cookie = server.Browser.Cookie });
                request.Headers.RemoveAll(header => header.Name == "X-Forwarded-For");
                request.Headers.Add(("X-Forwarded-For", "192.0.2.7"));
                // The right token would end the setup at the first try; who asks too often is who guesses it.
                if (route.Template == "/setup")
                {
                    request.Query.Clear();
                    request.Query.Add(("token", "a-guess"));
                }

                if (await AskAsync(connection, route, request, "often") is { Status: 429 })
                {
                    limited.Add(route.Template);
                    return;
                }
            }
        });

        Rule.Holds(offences);
        Rule.Holds(known.Except(limited).Select(path => $"{path} is not limited"));
    }

    private static Task ForEachAsync(IEnumerable<Route> routes, Func<Route, Task> ask) =>
        Parallel.ForEachAsync(routes, new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = Ct }, async (route, _) => await ask(route));

    private async Task SpoilAsync(Route route)
    {
        await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
        var wild = new Wild(route.Seed(Seed));
        var parameters = good.ParametersOf(route);
        var lead = await stage.MakeOwnerAsync();
        var callers = await RankAsync(connection, route, lead);
        foreach (var caller in callers)
        {
            var scene = await stage.SetAsync(route, lead);
            // The first of them comes furthest and gets most of it.
            foreach (var spoiled in Spoiled.All(route, parameters, wild).Where(_ => wild.OneIn(caller == callers[0] ? Share : 4 * Share)))
            {
                var request = good.Make(route, caller, scene);
                spoiled.Spoil(request);
                var answer = await AskAsync(connection, route, request, $"{spoiled.What}, as {caller}", spoiled.MayStayBelow, spoiled.MayLeadElsewhere);
                // It may have ended the session, or the thing it was about.
                if (answer is { Status: < 400 } && !route.IsReading)
                {
                    scene = await stage.SetAsync(route, lead);
                }
            }
        }
    }

    // Who is let through, first.
    private async Task<IReadOnlyList<Caller>> RankAsync(WireConnection connection, Route route, Lead lead)
    {
        var callers = GoodRequests.CallersOf(route);
        foreach (var caller in callers)
        {
            if (await IsWelcomeAsync(connection, route, caller, lead))
            {
                return [caller, .. callers.Where(other => other != caller)];
            }
        }

        return callers;
    }

    private async Task<bool> IsWelcomeAsync(WireConnection connection, Route route, Caller caller, Lead lead) =>
        await AskAsync(connection, route, good.Make(route, caller, await stage.SetAsync(route, lead)), $"nothing, as {caller}") is { Status: < 400 };

    private async Task<WireAnswer?> AskAsync(
        WireConnection connection, Route route, WireRequest request, string what, bool mayStayBelow = false, bool mayLeadElsewhere = false)
    {
        Interlocked.Increment(ref sent);
        var isHead = request.Method == "HEAD";
        var answer = await connection.AskAsync(request.ToBytes(), isHead, Ct);
        foreach (var complaint in verdict.Of(answer, mayLeadElsewhere ? Enum.GetValues<Shape>() : [route.Shape], isHead, mayStayBelow, route.CallerNames))
        {
            offences.Add($"{route}, wrong: {what}: {complaint}\n    {request}");
        }

        return answer;
    }
}
