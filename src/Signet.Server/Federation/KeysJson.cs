using System.Buffers;
using System.Text.Json;
using Signet.OpenIdFederation;

namespace Signet.Server.Federation;

/// <summary>A set of federation keys as JSON: for a column, for the API.</summary>
internal static class KeysJson
{
    public static JsonElement ToElement(FederationKeys keys)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            keys.WriteTo(writer);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>What was checked before it was stored.</summary>
    public static FederationKeys OfStored(string text) =>
        FederationKeys.TryParse(JsonElement.Parse(text), out var fault) ?? throw new InvalidOperationException($"The stored keys are none: {fault!.Detail}");
}
