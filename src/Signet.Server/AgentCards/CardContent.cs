using System.Text.Json.Serialization;

namespace Signet.Server.AgentCards;

/// <summary>What is stated of an agent, in the words of A2A 1.0 §4.4.1. The rest of its card (version, security, signature) is ours to say.</summary>
/// <param name="SupportedInterfaces">Where it is reached; the first is preferred.</param>
/// <param name="Scopes">What the token of a caller has.</param>
/// <param name="DefaultInputModes">Media types it takes.</param>
/// <param name="DefaultOutputModes">Media types it answers with.</param>
public sealed record CardContent(
    string Name,
    string Description,
    IReadOnlyList<CardInterface> SupportedInterfaces,
    IReadOnlyList<CardSkill> Skills,
    IReadOnlyList<string> Scopes,
    CardProvider? Provider,
    string? DocumentationUrl,
    string? IconUrl,
    CardCapabilities Capabilities,
    IReadOnlyList<string> DefaultInputModes,
    IReadOnlyList<string> DefaultOutputModes);

/// <param name="ProtocolBinding"><c>JSONRPC</c>, <c>GRPC</c> or <c>HTTP+JSON</c>.</param>
/// <param name="ProtocolVersion">Of A2A, such as 1.0.</param>
public sealed record CardInterface(
    string Url,
    [property: JsonPropertyName("protocolBinding")] string ProtocolBinding = CardRules.DefaultBinding,
    [property: JsonPropertyName("protocolVersion")] string ProtocolVersion = CardRules.DefaultVersion);

/// <param name="Id">1 to 64 letters, digits and <c>. _ -</c>; one of its own for each skill.</param>
/// <param name="Tags">At least one.</param>
/// <param name="Examples">What somebody might ask for.</param>
public sealed record CardSkill(string Id, string Name, string Description, IReadOnlyList<string> Tags, IReadOnlyList<string>? Examples = null);

/// <summary>Who runs the agent.</summary>
public sealed record CardProvider(string Organization, string Url);

/// <summary>What the agent can do beyond answering.</summary>
public sealed record CardCapabilities(bool Streaming = false, [property: JsonPropertyName("pushNotifications")] bool PushNotifications = false);
