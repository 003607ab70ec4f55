using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>Agents and their credentials in a person's words.</summary>
internal static class AgentWords
{
    public static IReadOnlyList<Choice> States { get; } = ChoicesOf<AgentState>();

    public static IReadOnlyList<Choice> Types { get; } = ChoicesOf<AgentType>();

    public static IReadOnlyList<Choice> Environments { get; } = ChoicesOf<DeploymentEnv>();

    public static string WordOf(Agent agent, DateTimeOffset now) => !IsExpired(agent, now) ? agent.State.ToString() : agent.IsOverdue(now) ? "Not attested" : "Expired";

    public static Tone ToneOf(Agent agent, DateTimeOffset now) => agent.State switch
    {
        AgentState.Active => IsExpired(agent, now) ? Tone.Warning : Tone.Good,
        AgentState.Suspended => Tone.Warning,
        AgentState.Decommissioned => Tone.Neutral,
    };

    public static string? IconOf(Agent agent, DateTimeOffset now) => agent.State switch
    {
        AgentState.Active => IsExpired(agent, now) ? "clock" : null,
        AgentState.Suspended => "pause",
        AgentState.Decommissioned => "minus-circle",
    };

    /// <summary>What a credential is worth now, whatever its state says.</summary>
    public static (string Word, Tone Tone) Of(Credential credential, DateTimeOffset now) =>
        credential.State is CredentialState.Revoked ? ("Revoked", Tone.Neutral)
        : credential.ExpiresAt <= now ? ("Expired", Tone.Warning)
        : ("Active", Tone.Good);

    public static string KindOf(Credential credential) => credential.Kind switch
    {
        CredentialKind.ClientSecret => "Secret",
        CredentialKind.PrivateKeyJwt => "Key",
        CredentialKind.WorkloadIdentity => "Workload identity",
        CredentialKind.Certificate => "Certificate",
    };

    /// <summary>To recognise it by; of a secret it is the beginning.</summary>
    public static string HintOf(Credential credential) => credential.Kind is CredentialKind.ClientSecret ? $"{credential.Hint}…" : credential.Hint;

    private static bool IsExpired(Agent agent, DateTimeOffset now) => agent.State is AgentState.Active && !agent.IsActive(now);

    private static Choice[] ChoicesOf<T>() where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => new Choice(SnakeCase.Of(value), value.ToString()))];
}
