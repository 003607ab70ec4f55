using System.CommandLine;
using Signet.Host.Cli;

return await CommandTree.Make().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
