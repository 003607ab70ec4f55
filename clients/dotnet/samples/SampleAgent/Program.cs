using Signet.Client;

// Two agents: a planner, which hands part of its right to a worker, and is stopped. What the worker got dies with it.
if (Environment.GetEnvironmentVariable("SIGNET") is not { Length: > 0 } address || Environment.GetEnvironmentVariable("SIGNET_KEY") is not { Length: > 0 } key)
{
    Console.Error.WriteLine("SIGNET is to be the server's address with a slash at the end, SIGNET_KEY an API key that may manage agents.");
    return 2;
}

using var http = new HttpClient { BaseAddress = new Uri(address) };
var admin = SignetClient.WithKey(http, key);
var run = Guid.NewGuid().ToString("n")[..8];

var planner = await RegisterAsync("planner", "orchestrator", ["mail:read", "mail:send"]);
var worker = await RegisterAsync("worker", "custom", ["mail:read"]);
Console.WriteLine($"registered {planner.AgentId} and {worker.AgentId}");

using var plannerTokens = new TokenSource(http, planner);
using var workerTokens = new TokenSource(http, worker);
var asPlanner = SignetClient.AsAgent(http, planner, plannerTokens);
var asWorker = SignetClient.AsAgent(http, worker, workerTokens);
await plannerTokens.GetAsync();
Console.WriteLine("the planner has a token");

var offer = await asPlanner.Tokens.DelegateAsync(worker.AgentId, ["mail:read"], TimeSpan.FromMinutes(10));
var acting = await asWorker.Tokens.AcceptDelegationAsync(offer.DelegationToken);
var seen = await asWorker.Tokens.IntrospectAsync(acting.Value);
Console.WriteLine($"the worker acts for {seen.Subject} with {seen.Scope}");

await admin.Agents.SuspendAsync(planner.AgentId);
if ((await asWorker.Tokens.IntrospectAsync(acting.Value)).Active)
{
    Console.Error.WriteLine("The worker's token outlived the planner.");
    return 1;
}

try
{
    plannerTokens.Forget();
    await plannerTokens.GetAsync();
    Console.Error.WriteLine("A suspended agent got a token.");
    return 1;
}
catch (SignetException refusal) when (refusal.Code == "invalid_client")
{
    Console.WriteLine("the planner is stopped, and the worker's token with it");
}

foreach (var happened in (await admin.Audit.ListAsync(planner.AgentId, limit: 5)).Entries)
{
    Console.WriteLine($"{happened.Timestamp:HH:mm:ss} {happened.Action} {happened.Outcome}");
}

await admin.Agents.DecommissionAsync(planner.AgentId);
await admin.Agents.DecommissionAsync(worker.AgentId);
return 0;

async Task<AgentSecret> RegisterAsync(string name, string type, IReadOnlyList<string> scopes)
{
    var agent = await admin.Agents.RegisterAsync(new NewAgent($"{name}-{run}@example.com", type, "1.0.0", ["mail:read"], "development", Scopes: scopes));
    return (await admin.Credentials.GenerateAsync(agent.AgentId)).ToSecret();
}
