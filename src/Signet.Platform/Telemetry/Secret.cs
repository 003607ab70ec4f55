using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Platform.Telemetry;

/// <summary>Text that no log line, message, debugger or JSON shows. Whoever needs it says <see cref="Reveal"/>, which can be searched for.</summary>
[DebuggerDisplay("[secret]")]
[JsonConverter(typeof(Hidden))]
public readonly struct Secret(string value) : IEquatable<Secret>
{
    private const string Shown = "[secret]";
    private readonly string? value = value;

    public string Reveal() => value ?? throw new InvalidOperationException("default(Secret) holds nothing.");

    public override string ToString() => Shown;

    /// <summary>In time that does not depend on the content.</summary>
    public bool Equals(Secret other) => System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
        System.Text.Encoding.UTF8.GetBytes(Reveal()), System.Text.Encoding.UTF8.GetBytes(other.Reveal()));

    public override bool Equals(object? obj) => obj is Secret other && Equals(other);

    // A hash in a dump would be a way to test guesses.
    public override int GetHashCode() => 0;

    public static bool operator ==(Secret left, Secret right) => left.Equals(right);

    public static bool operator !=(Secret left, Secret right) => !left.Equals(right);

    private sealed class Hidden : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } text ? new Secret(text) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(Shown);
    }
}
