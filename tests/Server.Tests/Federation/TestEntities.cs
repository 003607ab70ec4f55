using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Statements;
using Signet.OpenIdFederation.TrustMarks;
using Signet.Testing;

namespace Server.Tests.Federation;

/// <summary>Entities of other people, each at a name of its own, all on one real HTTP server of this machine.</summary>
internal sealed class TestEntities(TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TestEntity> entities = new(StringComparer.Ordinal);
    private WebApplication? app;

    public int Port { get; private set; }

    public static async Task<TestEntities> StartAsync(TimeProvider time)
    {
        var made = new TestEntities(time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        made.app = builder.Build();
        made.app.Run(made.AnswerAsync);
        await made.app.StartAsync();
        made.Port = new Uri(made.app.Urls.First()).Port;
        return made;
    }

    /// <summary>A relying party, whose superior is the one given.</summary>
    public TestEntity Add(EntityId superior)
    {
        var name = TestSignet.NewName("entity");
        return entities[$"{name}.localhost:{Port}"] = new TestEntity(EntityId.Parse($"https://{name}.localhost:{Port}"), superior, time);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (!entities.TryGetValue(context.Request.Host.Value ?? "", out var entity) || context.Request.Path != "/.well-known/openid-federation")
        {
            context.Response.StatusCode = 404;
            return;
        }

        entity.Asked++;
        await entity.AnswerAsync(context);
    }
}

/// <summary>One of them. What it says can be made wrong in every way a test needs.</summary>
internal sealed class TestEntity(EntityId id, EntityId superior, TimeProvider time)
{
    public EntityId Id { get; } = id;

    public SigningKey Key { get; set; } = SigningKey.Generate(JwsAlgorithm.ES256);

    /// <summary>Those it publishes; null: <see cref="Key"/> alone.</summary>
    public IReadOnlyList<SigningKey>? Published { get; set; }

    public List<EntityId> Hints { get; } = [superior];

    public Dictionary<string, object> Metadata { get; } = new()
    {
        ["openid_relying_party"] = new Dictionary<string, object> { ["redirect_uris"] = new[] { "https://rp.example/cb" }, ["contacts"] = new[] { "ops@rp.example" } },
    };

    public List<TrustMarkEntry> Marks { get; } = [];

    public TimeSpan Life { get; set; } = TimeSpan.FromDays(1);

    public int Asked { get; set; }

    /// <summary>Instead of its configuration.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public FederationKeys Keys => FederationKeys.Of((Published ?? [Key]).Select(key => key.PublicKey));

    public string Configuration() => new EntityConfigurationDraft
    {
        Entity = Id,
        Keys = Keys,
        IssuedAt = time.GetUtcNow(),
        ExpiresAt = time.GetUtcNow() + Life,
        Metadata = JsonSerializer.SerializeToElement(Metadata),
        AuthorityHints = Hints,
        TrustMarks = Marks,
    }.Sign(Key);

    public Task AnswerAsync(HttpContext context)
    {
        if (Instead is { } other)
        {
            return other(context);
        }

        context.Response.ContentType = "application/entity-statement+jwt";
        return context.Response.WriteAsync(Configuration());
    }
}
