using System.Globalization;
using System.Text;
using System.Text.Json;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// What anybody may ask of our subordinates: what we say of one (OIDFed §8.1), who they are (§8.2), the same with more to each (Extended Subordinate Listing),
/// and what became of one (Subordinate Events). Only active ones are spoken of, and only in statements that hold.
/// </summary>
internal static class ServeSubordinates
{
    public const string FetchPath = "/fetch";
    public const string ListPath = "/list";
    public const string ExtendedListPath = "/extended_list";
    public const string EventsPath = "/subordinate_events";

    private const string EventsType = "entity-events-statement+jwt";
    private const int LongestParameter = 2048;
    private const int MostTypes = 20;
    private const int LargestPage = 500;
    private const int LongestHistory = 200;

    public static void Map(RouteGroupBuilder protocol)
    {
        protocol.MapMethods(FetchPath, ["GET", "HEAD"], FetchAsync);
        protocol.MapMethods(ListPath, ["GET", "HEAD"], (HttpContext context, Tenant tenant, FederationDirectory directory, Db db, CancellationToken ct) =>
            ListAsync(context, tenant, directory, db, extended: false, ct));
        protocol.MapMethods(ExtendedListPath, ["GET", "HEAD"], (HttpContext context, Tenant tenant, FederationDirectory directory, Db db, CancellationToken ct) =>
            ListAsync(context, tenant, directory, db, extended: true, ct));
        protocol.MapMethods(EventsPath, ["GET", "HEAD"], EventsAsync);
    }

    private static async Task FetchAsync(
        HttpContext context, Tenant tenant, FederationDirectory directory, StatementShelf shelf, Superiors superiors, Db db, TimeProvider time, CancellationToken ct)
    {
        if (await directory.FindAsync(tenant, ct) is not { } entity)
        {
            await FederationAnswer.RefuseNoEntityAsync(context);
            return;
        }

        if (Read(context, "sub") is not { } subject)
        {
            await FederationAnswer.RefuseAsync(context, Missing("sub"));
            return;
        }

        // OIDFed §8.1.1: of itself an entity speaks in its configuration.
        if (subject == entity.Id.Value)
        {
            await FederationAnswer.RefuseAsync(context, FederationError.InvalidRequest("sub is this entity itself; its configuration is at /.well-known/openid-federation."));
            return;
        }

        var now = time.GetUtcNow();
        var statement = await shelf.FindAsync(tenant.Id, StatementKind.Subordinate, subject, ct);
        if (statement is null || statement.ExpiresAt <= now)
        {
            statement = await SignAsync(db, superiors, tenant, subject, ct);
        }

        await (statement is null || statement.ExpiresAt <= now
            ? FederationAnswer.RefuseAsync(context, FederationError.NotFound("Subordinate not found."))
            : FederationAnswer.SignedAsync(context, JwtTypes.EntityStatement, statement, now));
    }

    // What a revoked key signed is gone, and what a changed policy made wrong: for one that is in order it is signed anew by whoever is asked first.
    private static Task<SignedStatement?> SignAsync(Db db, Superiors superiors, Tenant tenant, string subject, CancellationToken ct) => db.InTenantAsync(tenant.Id, async tx =>
    {
        // Most who ask for what is not there ask for what never was: they hold nothing up.
        if (await SubordinateRows.FindEntityAsync(tx, subject, ct) is not { State: "active", Fault: null }
            || await SubordinateRows.LockEntityAsync(tx, subject, ct) is not { State: "active", Fault: null } row
            || await superiors.FindAsync(tx, tenant, ct) is not { } superior)
        {
            return null;
        }

        var about = row.ToSubordinate();
        if (about.ExpiresAt is null || (about.ExpiresAt <= tx.Now && about.Terms.AutoRenew))
        {
            await SignSubordinate.RunAsync(tx, superior, about, ct);
        }

        return await StatementRows.FindAsync(tx, StatementKind.Subordinate, subject, ct) is { } signed ? SignedStatement.Of(signed) : null;
    }, ct);

    private static async Task ListAsync(HttpContext context, Tenant tenant, FederationDirectory directory, Db db, bool extended, CancellationToken ct)
    {
        if (await directory.FindAsync(tenant, ct) is null)
        {
            await FederationAnswer.RefuseNoEntityAsync(context);
            return;
        }

        if (ReadFilter(context, extended, out var limit) is not { } wanted)
        {
            await FederationAnswer.RefuseAsync(context, FederationError.InvalidRequest(
                $"entity_type is given at most {MostTypes} times, trust_marked and intermediate are true or false, trust_mark_type is one type, times are in seconds, and limit is 1 to {LargestPage}."));
            return;
        }

        var rows = await db.InTenantAsync(tenant.Id, tx => SubordinateRows.ListedAsync(tx, wanted, ct), ct);
        if (extended)
        {
            await FederationAnswer.JsonAsync(context, Extended(context, rows, limit));
            return;
        }

        await FederationAnswer.JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(rows.Select(row => row.EntityId)));
    }

    // OIDFed §8.2.1. Several entity types: of any of them, as others read it too.
    private static ListedSubordinates? ReadFilter(HttpContext context, bool extended, out int limit)
    {
        limit = LargestPage;
        var query = context.Request.Query;
        string[]? types = query["entity_type"] is { Count: > 0 } given ? [.. given.OfType<string>()] : null;
        if (types is { Length: > MostTypes } || !TryReadBoolean(context, "trust_marked", out var marked) || !TryReadBoolean(context, "intermediate", out var intermediate)
            || (query.ContainsKey("trust_mark_type") && Read(context, "trust_mark_type") is null))
        {
            return null;
        }

        var filter = new ListedSubordinates(types, marked is true, Read(context, "trust_mark_type"), intermediate);
        if (!extended)
        {
            return filter;
        }

        if (!TryReadTime(context, "updated_after", out var after) || !TryReadTime(context, "updated_before", out var before)
            || (query.ContainsKey("from_entity_id") && Read(context, "from_entity_id") is null)
            || (query.ContainsKey("limit") && !(int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= LargestPage)))
        {
            return null;
        }

        // One more than is shown says where the next page begins.
        return filter with { From = Read(context, "from_entity_id"), UpdatedAfter = after, UpdatedBefore = before, Limit = limit + 1 };
    }

    private static byte[] Extended(HttpContext context, List<ListedRow> rows, int limit)
    {
        var claims = context.Request.Query["claims"].SelectMany(text => (text ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.Ordinal);
        var stamped = context.Request.Query["audit_timestamps"] == "true";
        var shown = rows.Take(limit).Select(row =>
        {
            var entry = new Dictionary<string, object> { ["id"] = row.EntityId };
            if (claims.Contains("subordinate_statement") && row.Jwt is not null)
            {
                entry["subordinate_statement"] = row.Jwt;
            }

            if (stamped)
            {
                entry["registered"] = row.CreatedAt.ToUnixTimeSeconds();
                entry["updated"] = row.UpdatedAt.ToUnixTimeSeconds();
            }

            return entry;
        });
        var answer = new Dictionary<string, object> { ["immediate_subordinate_entities"] = shown };
        if (rows.Count > limit)
        {
            answer["next_entity_id"] = rows[limit].EntityId;
        }

        return JsonSerializer.SerializeToUtf8Bytes(answer);
    }

    private static async Task EventsAsync(HttpContext context, Tenant tenant, Superiors superiors, Db db, TimeProvider time, CancellationToken ct)
    {
        if (await superiors.FindAsync(tenant, ct) is not { } superior)
        {
            await FederationAnswer.RefuseNoEntityAsync(context);
            return;
        }

        if (Read(context, "sub") is not { } subject)
        {
            await FederationAnswer.RefuseAsync(context, Missing("sub"));
            return;
        }

        var history = await db.InTenantAsync(tenant.Id, tx => SubordinateHistoryRows.ListAsync(tx, subject, LongestHistory, ct), ct);
        if (history.Count == 0)
        {
            await FederationAnswer.RefuseAsync(context, FederationError.NotFound("Subordinate not found."));
            return;
        }

        var jwt = Jwt.Issue(superior.Keys.Signing, EventsType, (superior.Id, subject, history, Now: time.GetUtcNow()), static (writer, said) =>
        {
            writer.WriteString("iss"u8, said.Id.Value);
            writer.WriteString("sub"u8, said.subject);
            writer.WriteNumber("iat"u8, said.Now.ToUnixTimeSeconds());
            writer.WriteStartArray("federation_registration_events"u8);
            foreach (var moment in said.history)
            {
                writer.WriteStartObject();
                writer.WriteNumber("iat"u8, moment.HappenedAt.ToUnixTimeSeconds());
                writer.WriteString("event"u8, moment.Event);
                if (moment.Description is { } words)
                {
                    writer.WriteString("event_description"u8, words);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
        await FederationAnswer.FreshAsync(context, $"application/{EventsType}", Encoding.ASCII.GetBytes(jwt));
    }

    private static bool TryReadBoolean(HttpContext context, string name, out bool? value)
    {
        value = context.Request.Query[name] switch { ["true"] => true, ["false"] => false, _ => null };
        return value is not null || !context.Request.Query.ContainsKey(name);
    }

    private static bool TryReadTime(HttpContext context, string name, out DateTimeOffset? value)
    {
        value = null;
        if (!context.Request.Query.TryGetValue(name, out var text))
        {
            return true;
        }

        // Up to the year 9999.
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253_402_300_799)
        {
            return false;
        }

        value = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }

    private static string? Read(HttpContext context, string name) =>
        context.Request.Query[name] is [{ Length: > 0 and <= LongestParameter } value] && !value.Any(char.IsControl) ? value : null;

    private static FederationError Missing(string parameter) => FederationError.InvalidRequest($"The parameter {parameter} is to be given, once, in at most {LongestParameter} characters.");
}
