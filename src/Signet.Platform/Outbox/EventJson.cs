using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Signet.Platform.Data;

namespace Signet.Platform.Outbox;

/// <summary>An event as JSON: its own properties, without those every event has, which follow from its type and its data.</summary>
internal static class EventJson
{
    private static readonly JsonSerializerOptions Options = new(ColumnJson.Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatIsDerived } },
    };

    public static string Write(DomainEvent happened) => JsonSerializer.Serialize(happened, happened.GetType(), Options);

    public static TEvent Read<TEvent>(JsonElement json) where TEvent : DomainEvent =>
        json.Deserialize<TEvent>(Options) ?? throw new JsonException("An event is an object.");

    // [JsonIgnore] on the declaration does not reach the overrides.
    private static void LeaveOutWhatIsDerived(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].AttributeProvider is PropertyInfo { GetMethod: { } get } && get.GetBaseDefinition().DeclaringType == typeof(DomainEvent))
            {
                type.Properties.RemoveAt(i);
            }
        }
    }
}
