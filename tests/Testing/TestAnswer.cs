using System.Net;
using System.Text;
using System.Text.Json;
using Signet.Platform.Http;

namespace Signet.Testing;

/// <summary>What came back, read to the end.</summary>
public sealed record TestAnswer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The whole body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>Where a redirect leads; null where there is none.</summary>
    public string? Location => Headers.GetValueOrDefault("Location");

    /// <summary>A member of the body; for a text its characters, for a number its digits.</summary>
    public string this[string member] =>
        Json.TryGetProperty(member, out var value) ? value.ToString() : throw new KeyNotFoundException($"No {member} in {(int)Status} {Text}");

    public bool Has(string member) => Json.TryGetProperty(member, out _);

    /// <summary>A parameter of the query of <see cref="Location"/>.</summary>
    public string? Parameter(string name) => Location is { } location ? ParameterOf(location, name) : null;

    public static string? ParameterOf(string uri, string name) =>
        uri[(uri.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&')
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair[0] == name)
            .Select(pair => Uri.UnescapeDataString(pair.ElementAtOrDefault(1)?.Replace('+', ' ') ?? ""))
            .FirstOrDefault();

    internal static async Task<TestAnswer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new TestAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(), headers);
    }

    public static StringContent JsonOf(object body) =>
        new(body as string ?? JsonSerializer.Serialize(body, HttpJson.Options), Encoding.UTF8, "application/json");

    public static FormUrlEncodedContent FormOf(IEnumerable<(string Name, string Value)> fields) =>
        new(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
}
