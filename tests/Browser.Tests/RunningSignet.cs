using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Playwright;
using Signet.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(Browser.Tests.RunningSignet))]

namespace Browser.Tests;

/// <summary>The built server on a data folder of its own, with people and an application in it, and one Chromium for all tests.</summary>
public sealed class RunningSignet : IAsyncLifetime
{
    public const string Password = "a long phrase for the browser";
    private const string Chromium = "/usr/bin/chromium";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(90);

    private readonly HttpListener application = new();
    private readonly string data = Repository.NewFolder("browser");
    private readonly TaskCompletionSource<string> setupLink = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? server;
    private IPlaywright? playwright;
    private IBrowser? chromium;

    public string Origin { get; private set; } = "";

    public string ClientId { get; private set; } = "";

    /// <summary>Where the application is called back. Somebody has to be there: a browser shows an error page, at no address, where nobody is.</summary>
    public string Callback { get; private set; } = "";

    /// <summary>As the server printed it.</summary>
    public Task<string> SetupLink => setupLink.Task;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        var port = FreePort();
        Origin = $"http://localhost:{port}";
        server = Start("serve", "--port", $"{port}", "--data", data);
        server.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.IndexOf("http://localhost", StringComparison.Ordinal) is >= 0 and var at && line.Data.Contains("/setup?token=", StringComparison.Ordinal))
            {
                setupLink.TrySetResult(line.Data[at..]);
            }
        };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        await SetupLink.WaitAsync(StartTime);
        Callback = $"http://localhost:{FreePort()}/cb";
        application.Prefixes.Add($"{Callback}/");
        application.Start();
        _ = AnswerCallsAsync();
        var client = JsonDocument.Parse(await RunAsync(
            "client", "create", "--name", "Ledger", "--redirect-uri", Callback, "--grant", "authorization_code", "--json", "--data", data));
        ClientId = client.RootElement.GetProperty("client_id").GetString()!;
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
        });
    }

    /// <summary>Adds a person whose password is <see cref="Password"/>.</summary>
    public async Task<string> AddUserAsync(string name, string role = "user")
    {
        var email = $"{name}@example.test";
        await RunAsync("user", "create", "--email", email, "--password", Password, "--verified", "--role", role, "--data", data);
        return email;
    }

    /// <summary>Registers an agent that has one credential.</summary>
    public Task AddAgentAsync(string name, string owner) =>
        RunAsync("agent", "register", "--email", $"{name}@agents.example.test", "--capability", "documents:read", "--owner", owner, "--data", data);

    /// <summary>Makes a blueprint of agents.</summary>
    public Task AddBlueprintAsync(string name) => RunAsync("blueprint", "create", "--name", name, "--capability", "documents:read", "--data", data);

    /// <summary>A page in a browser profile of its own.</summary>
    public async Task<WatchedPage> OpenAsync(bool script = true, int width = 1000)
    {
        Assert.SkipWhen(chromium is null, $"{Chromium} is missing: apt install chromium");
        var context = await chromium.NewContextAsync(new() { JavaScriptEnabled = script, ViewportSize = new() { Width = width, Height = 800 } });
        context.SetDefaultTimeout(20_000);
        return new WatchedPage(await context.NewPageAsync(), Origin);
    }

    /// <summary>An owner of a name of this scheme and width, signed in on their account page.</summary>
    public async Task<WatchedPage> ArriveAsync(string name, ColorScheme scheme, int width)
    {
        var page = await OpenAsync(width: width);
        var owner = await AddUserAsync($"{name}-{scheme}-{width}".ToLowerInvariant(), "owner");
        await page.GoAsync("/sign-in");
        await page.SignInAsync(owner);
        await page.ArriveAtAsync("/account");
        await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null)
        {
            await chromium.DisposeAsync();
        }

        playwright?.Dispose();
        application.Close();
        if (server is not null)
        {
            // Its database hears of the end of its parent.
            server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }
    }

    private async Task AnswerCallsAsync()
    {
        try
        {
            while (true)
            {
                using var response = (await application.GetContextAsync()).Response;
                response.ContentType = "text/html";
                response.Close("<!doctype html><title>Ledger</title>"u8.ToArray(), willBlock: false);
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
            // The tests are over.
        }
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var command = Start(arguments);
        var errors = command.StandardError.ReadToEndAsync();
        var output = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return command.ExitCode == 0 ? output : throw new InvalidOperationException($"signet {arguments[0]} {arguments[1]}: {await errors}");
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Artifacts, "bin", "Signet.Host", "debug", "signet"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ENABLE_SETUP"] = "true" },
        };
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
