using Signet.Load;

const string Usage = """
    assertions --key private.json --client ID --issuer URL --count N   client assertions, one a line, good for four minutes
    fleet --origin URL --agents N                                      register up to N agents, then time token, list and search (SIGNET_KEY)
    stop --origins URL,URL --rounds N                                  suspend an agent under load, and time its last accepted call (SIGNET_KEY)
    """;

string Option(string name) => Array.IndexOf(args, $"--{name}") is > 0 and var at && at + 1 < args.Length
    ? args[at + 1]
    : throw new InvalidOperationException($"--{name} is missing");
string Key() => Environment.GetEnvironmentVariable("SIGNET_KEY") ?? throw new InvalidOperationException("SIGNET_KEY is to hold an API key");

switch (args.FirstOrDefault())
{
    case "assertions":
        Assertions.Write(Console.Out, Option("key"), Option("client"), Option("issuer"), int.Parse(Option("count"), null));
        return 0;
    case "fleet":
        using (var fleet = new Fleet(Option("origin"), Key()))
        {
            await fleet.RunAsync(int.Parse(Option("agents"), null));
        }

        return 0;
    case "stop":
        return await new StopUnderLoad(Option("origins").Split(','), Key()).RunAsync(int.Parse(Option("rounds"), null)) ? 0 : 1;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
