using Microsoft.Extensions.DependencyInjection;
using Signet.Server.Governance;

namespace Signet.Testing;

public sealed partial class TestSignet
{
    /// <summary>The hourly look at all agents, now.</summary>
    public Task GovernAsync() => App.Services.GetRequiredService<GovernAgents>().RunAsync(CancellationToken.None);
}
