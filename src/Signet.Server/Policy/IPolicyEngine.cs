namespace Signet.Server.Policy;

/// <summary>Decides by rules of its own kind: <see cref="ScopesEngine"/> here, <see cref="OpaEngine"/> by asking. One table of decisions holds both.</summary>
internal interface IPolicyEngine
{
    /// <summary>For records, metrics and people: <c>scopes</c> or <c>opa</c>.</summary>
    string Name { get; }

    /// <summary>Never throws for what is wrong with the engine: that is a denial.</summary>
    ValueTask<PolicyDecision> DecideAsync(PolicyInput input, CancellationToken ct);
}
