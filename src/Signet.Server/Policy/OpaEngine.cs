using System.Text.Json;
using System.Text.Json.Serialization;
using Signet.Platform.Outbound;

namespace Signet.Server.Policy;

/// <summary>
/// Asks an Open Policy Agent by its REST API, which stands beside Signet or at an inner address over https. Whatever is no clear answer denies.
/// <see href="https://www.openpolicyagent.org/docs/rest-api"/>
/// </summary>
internal sealed class OpaEngine : IPolicyEngine, IDisposable
{
    public const string EngineName = "opa";
    private const int MostBytes = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly OutboundHttp door;
    private readonly string address;
    private readonly ILogger log;

    /// <param name="url">Where OPA answers, without the path of its API.</param>
    public OpaEngine(Uri url, ILogger log)
    {
        // A door of its own: no address that somebody else chose is asked over these connections.
        door = new OutboundHttp(new OutboundOptions(Development: false, ConnectionsPerHost: 32, Reach: OutboundReach.Operator));
        address = $"{url.AbsoluteUri.TrimEnd('/')}/v1/data/signet/authz";
        this.log = log;
    }

    public string Name => EngineName;

    public async ValueTask<PolicyDecision> DecideAsync(PolicyInput input, CancellationToken ct)
    {
        var question = new Question(new Asked(input.Method, input.Path, input.Scopes, input.AgentId));
        var request = new OutboundRequest(HttpMethod.Post, address)
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(question),
            MaxBytes = MostBytes,
            Timeout = Patience,
        };
        return await door.SendAsync(request, ct) switch
        {
            OutboundResult.Answered { Status: 200 } answer => Read(answer.Body),
            OutboundResult.Answered answer => Unavailable($"status {answer.Status}"),
            OutboundResult.Refused refused => Unavailable($"address refused: {refused.Reason}"),
            OutboundResult.Failed failed => Unavailable($"not reached: {failed.Reason}"),
            OutboundResult.TooLarge => Unavailable("answer too large"),
            OutboundResult.TimedOut => Unavailable("no answer in time"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public void Dispose() => door.Dispose();

    // An undefined document is an answer without a result: no policy of that name is loaded.
    private PolicyDecision Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("result", out var result))
            {
                return Unavailable("no result: data.signet.authz is undefined");
            }

            if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("allow", out var allow) || allow.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return Unavailable("the result has no allow that is true or false");
            }

            return allow.GetBoolean() ? new PolicyDecision.Allowed() : new PolicyDecision.Denied(ReasonOf(result));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return Unavailable("the answer is not JSON");
        }
    }

    private static string ReasonOf(JsonElement result)
    {
        var text = result.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString()! : "";
        var plain = string.Concat(text.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter))).Trim();
        return plain.Length > 0 ? PolicyReasons.Clip(plain) : PolicyReasons.Denied;
    }

    private PolicyDecision.Denied Unavailable(string why)
    {
        log.EngineUnavailable(why);
        return new PolicyDecision.Denied(PolicyReasons.EngineUnavailable);
    }

    private sealed record Question([property: JsonPropertyName("input")] Asked Input);

    // The names are those of the policy's own language.
    private sealed record Asked(
        [property: JsonPropertyName("method")] string Method,
        [property: JsonPropertyName("path")] string Path,
        [property: JsonPropertyName("scopes")] IReadOnlyList<string> Scopes,
        [property: JsonPropertyName("agentId")] string? AgentId);
}
