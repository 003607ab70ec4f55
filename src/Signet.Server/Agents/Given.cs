using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Server.Agents;

/// <summary>A member of a change that may be named and empty: what is not named stays, what is named as null goes.</summary>
public readonly record struct Given<T>(T? Value) where T : struct
{
    public bool IsGiven { get; } = true;

    /// <summary>What holds afterwards.</summary>
    public T? Or(T? before) => IsGiven ? Value : before;
}

/// <summary>JSON has both: a member that is null, and one that is not there.</summary>
public sealed class GivenJson<T> : JsonConverter<Given<T>> where T : struct
{
    public override bool HandleNull => true;

    public override Given<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<T?>(ref reader, options));

    public override void Write(Utf8JsonWriter writer, Given<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Value, options);
}
