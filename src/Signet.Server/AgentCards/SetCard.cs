using System.Text.Json;
using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.AgentCards.Storage;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Server.Settings;
using Signet.Server.Tenants;

namespace Signet.Server.AgentCards;

/// <summary>What can happen when a card is to be set, published, withdrawn or removed.</summary>
public abstract record CardChange
{
    private CardChange()
    {
    }

    public sealed record Done(AgentCard Card) : CardChange;

    public sealed record Removed : CardChange;

    public sealed record Refused(Problem Problem) : CardChange;
}

/// <summary>
/// States what an agent is, as a whole: what is not named goes. Private unless it is said to be published; both hold on every node from the commit on.
/// </summary>
public sealed class SetCard(Db db, HostSettings settings)
{
    private static readonly IReadOnlyList<string> UsualModes = ["text/plain"];

    /// <param name="SupportedInterfaces">Where the agent is reached; the first is preferred.</param>
    /// <param name="Scopes">What the token of a caller has.</param>
    /// <param name="Published">Whether anybody may read it, and the public keys of the agent.</param>
    public sealed record Request(
        string Name,
        string Description,
        [property: JsonPropertyName("supportedInterfaces")] IReadOnlyList<CardInterface> SupportedInterfaces,
        IReadOnlyList<CardSkill> Skills,
        IReadOnlyList<string> Scopes,
        CardProvider? Provider = null,
        [property: JsonPropertyName("documentationUrl")] string? DocumentationUrl = null,
        [property: JsonPropertyName("iconUrl")] string? IconUrl = null,
        CardCapabilities? Capabilities = null,
        [property: JsonPropertyName("defaultInputModes")] IReadOnlyList<string>? DefaultInputModes = null,
        [property: JsonPropertyName("defaultOutputModes")] IReadOnlyList<string>? DefaultOutputModes = null,
        bool Published = false)
    {
        public CardContent ToContent() => new(
            Name, Description, SupportedInterfaces, Skills, Scopes, Provider, DocumentationUrl, IconUrl, Capabilities ?? new CardCapabilities(),
            DefaultInputModes ?? UsualModes, DefaultOutputModes ?? UsualModes);
    }

    public static void Map(RouteGroupBuilder card)
    {
        card.MapPut("", async (
                AgentId id, Request request, Tenant tenant, Origin origin, SetCard set, AgentDirectory agents, TimeProvider time, CancellationToken ct) =>
                await set.RunAsync(tenant.Id, origin, id, request.ToContent(), request.Published, ct) switch
                {
                    CardChange.Done done when await agents.FindAsync(tenant.Id, id, ct) is { } agent =>
                        TypedResults.Ok(CardView.Of(tenant, agent, done.Card, time.GetUtcNow())),
                    CardChange.Refused refused => refused.Problem,
                    _ => (IResult)AgentProblems.NotFound,
                })
            .Requires(Permission.ManageAgents).Produces<CardView>().WithSummary("State what an agent is, and whether anybody may read it.");
        card.MapDelete("", async (AgentId id, Tenant tenant, Origin origin, SetCard set, CancellationToken ct) =>
                await set.RemoveAsync(tenant.Id, origin, id, ct) is CardChange.Refused refused ? (IResult)refused.Problem : TypedResults.NoContent())
            .Requires(Permission.ManageAgents).WithSummary("Take the card of an agent away.");
    }

    /// <param name="published">Null: as it is.</param>
    public async Task<CardChange> RunAsync(TenantId tenant, Origin origin, AgentId agent, CardContent content, bool? published, CancellationToken ct) =>
        CardRules.Refuse(content, settings.IsDevelopment) is { } refusal
            ? new CardChange.Refused(refusal)
            : await db.InTenantAsync(tenant, tx => ChangeAsync(tx, origin, agent, _ => content, published, ct), ct);

    /// <summary>Publishes the card that is there, or withdraws it.</summary>
    public Task<CardChange> PublishAsync(TenantId tenant, Origin origin, AgentId agent, bool published, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => ChangeAsync(tx, origin, agent, before => before, published, ct), ct);

    public Task<CardChange> RemoveAsync(TenantId tenant, Origin origin, AgentId agent, CancellationToken ct) =>
        db.InTenantAsync<CardChange>(tenant, async tx =>
        {
            // Also of a decommissioned agent: to take away what is stated of it is always allowed.
            var refusal = await AgentDirectory.HoldAsync(tx, agent, ct);
            if (refusal == AgentProblems.NotFound || await CardRows.FindAsync(tx, agent, ct) is not { } row)
            {
                return new CardChange.Refused(refusal == AgentProblems.NotFound ? refusal : CardProblems.NotFound);
            }

            await CardRows.DeleteAsync(tx, agent, ct);
            if (row.Published)
            {
                tx.Emit(origin, new AgentCardWithdrawn(agent));
            }

            tx.Emit(origin, new AgentCardRemoved(agent));
            tx.Notify(CardDirectory.Topic, agent.ToString());
            return new CardChange.Removed();
        }, ct);

    // The agent is held, so that of two changes at once one comes after the other, and none after its end.
    private static async Task<CardChange> ChangeAsync(
        Tx tx, Origin origin, AgentId agent, Func<CardContent?, CardContent?> change, bool? published, CancellationToken ct)
    {
        if (await AgentDirectory.HoldAsync(tx, agent, ct) is { } refusal)
        {
            return new CardChange.Refused(refusal);
        }

        var before = (await CardRows.FindAsync(tx, agent, ct))?.ToCard();
        if (change(before?.Content) is not { } content)
        {
            return new CardChange.Refused(CardProblems.NotFound);
        }

        var card = new AgentCard(agent, content, published ?? before?.Published ?? false, before?.CreatedAt ?? tx.Now, tx.Now);
        var fields = FieldsOf(before?.Content, content);
        if (before is not null && fields.Count == 0 && before.Published == card.Published)
        {
            return new CardChange.Done(before);
        }

        await CardRows.PutAsync(tx, CardRow.Of(card), ct);
        if (fields.Count > 0)
        {
            tx.Emit(origin, new AgentCardChanged(agent, fields));
        }

        if (card.Published != (before?.Published ?? false))
        {
            tx.Emit(origin, card.Published ? new AgentCardPublished(agent) : (AgentEvent)new AgentCardWithdrawn(agent));
        }

        tx.Notify(CardDirectory.Topic, agent.ToString());
        return new CardChange.Done(card);
    }

    private static List<string> FieldsOf(CardContent? before, CardContent after)
    {
        var (old, now) = (JsonSerializer.SerializeToElement(before), JsonSerializer.SerializeToElement(after));
        return
        [
            .. now.EnumerateObject()
                .Where(field => before is null || !JsonElement.DeepEquals(field.Value, old.GetProperty(field.Name)))
                .Select(field => JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Name)),
        ];
    }
}
