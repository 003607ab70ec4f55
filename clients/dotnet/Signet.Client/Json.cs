using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Client;

/// <summary>Names on the wire; made when the package is built, so that it works where nothing is compiled at run time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccessToken))]
[JsonSerializable(typeof(Agent))]
[JsonSerializable(typeof(AgentChange))]
[JsonSerializable(typeof(AgentPage))]
[JsonSerializable(typeof(AuditEvent))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(CredentialList))]
[JsonSerializable(typeof(CredentialWish))]
[JsonSerializable(typeof(DelegationOffer))]
[JsonSerializable(typeof(DelegationWish))]
[JsonSerializable(typeof(Introspection))]
[JsonSerializable(typeof(MadeCredential))]
[JsonSerializable(typeof(NewAgent))]
[JsonSerializable(typeof(Rotation))]
internal sealed partial class Json : JsonSerializerContext;
