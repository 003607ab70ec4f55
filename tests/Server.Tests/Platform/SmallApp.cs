using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signet.Platform.Http;

namespace Server.Tests.Platform;

/// <summary>A real server on a free loopback port with the platform's ground under it; only the endpoints are the test's own.</summary>
public sealed class SmallApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private SmallApp(WebApplication app, HttpClient client) => (this.app, Client) = (app, client);

    /// <summary>Follows no redirect and keeps no cookie.</summary>
    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public IServiceProvider Services => app.Services;

    public static async Task<SmallApp> StartAsync(
        Action<WebApplication> map, TrustedProxies? proxies = null, Action<WebApplicationBuilder>? build = null, string? certificateHeader = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Listen(IPAddress.Loopback, 0);
            server.LimitRequests();
        });
        builder.Logging.ClearProviders();
        builder.Services.AddHttpJson();
        build?.Invoke(builder);
        var made = builder.Build();
        made.UseHttpGround(proxies ?? TrustedProxies.None, certificateHeader);
        made.UseRouting();
        made.UseReadableRequests();
        map(made);
        await made.StartAsync();
        var address = made.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(address) };
        return new SmallApp(made, client);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        // Requests under way end first, so that what they log or count is there to be looked at.
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
