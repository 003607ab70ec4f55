using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.TrustMarks;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;

namespace Signet.Server.Federation;

/// <summary>What our entity configuration says of trust marks (OIDFed §3).</summary>
/// <param name="Shown">Marks about us: those of others, and our own.</param>
/// <param name="Issuers">Types and who may issue them; null for none.</param>
/// <param name="Owners">Types and who owns them; null for none.</param>
internal sealed record TrustMarkParts(IReadOnlyList<TrustMarkEntry> Shown, JsonElement? Issuers, JsonElement? Owners)
{
    public static readonly TrustMarkParts None = new([], null, null);

    private const int MostTypes = 1000;

    /// <summary>The one place where the configuration reads them. Whoever changes them writes the configuration anew in the same transaction.</summary>
    public static async Task<TrustMarkParts> LoadAsync(Tx tx, EntityId us, FederationKeys keys, CancellationToken ct)
    {
        var types = (await MarkTypeRows.ListAsync(tx, MostTypes, 0, ct)).Select(row => row.ToType()).Where(type => type.Active).ToList();
        var own = await OwnMarkRows.ListAsync(tx, ct);
        var issued = await MarkRows.ListServedAsync(tx, us.Value, ct);
        return new TrustMarkParts(
            [
                .. own.Where(mark => mark.ExpiresAt is not { } end || end > tx.Now).Select(mark => new TrustMarkEntry(mark.Type, mark.Jwt)),
                .. issued.Select(mark => new TrustMarkEntry(mark.Type, mark.Jwt)),
            ],
            types.Count == 0 ? null : JsonSerializer.SerializeToElement(types.ToDictionary(type => type.Type, type => IssuersOf(type, us))),
            OwnersOf(types, us, keys));
    }

    // An empty array lets anyone issue: it stands for nothing else, so a type that nobody may issue has no entry of that kind.
    private static IReadOnlyList<string> IssuersOf(MarkType type, EntityId us) =>
        type.Anyone ? []
        : [.. (type.IsIssuedBy(us) ? [us.Value] : (string[])[]).Concat(type.Issuers).DefaultIfEmpty(type.Owner ?? us.Value).Distinct(StringComparer.Ordinal)];

    private static JsonElement? OwnersOf(IReadOnlyList<MarkType> types, EntityId us, FederationKeys keys)
    {
        var owned = types.Where(type => type.Owner is not null).ToList();
        if (owned.Count == 0)
        {
            return null;
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var type in owned)
            {
                var owner = type.FindOwner(us, keys)!;
                writer.WriteStartObject(type.Type);
                writer.WriteString("sub"u8, owner.Owner.Value);
                writer.WritePropertyName("jwks"u8);
                owner.Keys.WriteTo(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
