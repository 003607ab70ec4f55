using Signet.Platform;
using Signet.Server.Settings;

namespace Signet.Server.Policy;

/// <summary>The policy that holds on this node.</summary>
/// <param name="Rules">Empty where OPA holds them.</param>
/// <param name="LoadedAt">When it was read; with OPA, when this node began to ask it.</param>
/// <param name="LastFault">Why the last reload was refused; null once one has succeeded.</param>
public sealed record PolicyInForce(string Engine, PolicySource Source, IReadOnlyList<PolicyRule> Rules, DateTimeOffset LoadedAt, PolicyFault? LastFault);

/// <summary>Where the rules come from.</summary>
public enum PolicySource
{
    BuiltIn,

    /// <summary><c>data/scopes.json</c> in <c>POLICY_DIR</c>.</summary>
    Folder,

    /// <summary>The policy agent at <c>OPA_URL</c>.</summary>
    Opa,
}

public sealed record PolicyFault(DateTimeOffset At, string Message);

/// <summary>
/// Decides what a caller with an access token may do: on our own API, and for resource servers on theirs. Denies by default, and whenever it can't tell.
/// Making one reads the policy; a policy that can't be read stops the start.
/// </summary>
public sealed class PolicyDecisionPoint : IDisposable
{
    private readonly HostSettings settings;
    private readonly PolicyMetrics metrics;
    private readonly TimeProvider time;
    private Loaded loaded;

    /// <exception cref="StartRefusedException">The policy folder can't be used; the message names the setting.</exception>
    internal PolicyDecisionPoint(HostSettings settings, PolicyMetrics metrics, TimeProvider time, ILogger<PolicyDecisionPoint> log)
    {
        (this.settings, this.metrics, this.time) = (settings, metrics, time);
        loaded = new Loaded(
            settings.OpaUrl is { } opa ? new OpaEngine(opa, log)
            : settings.PolicyFolder is null ? ScopesEngine.BuiltIn()
            : ReadPolicyFolder.Run(settings.PolicyFolder) switch
            {
                PolicyFolder.Valid valid => valid.Engine,
                PolicyFolder.Invalid invalid => throw new StartRefusedException($"{KnownSettings.PolicyFolder.Name}: {invalid.Fault}"),
                _ => throw new System.Diagnostics.UnreachableException(),
            },
            time.GetUtcNow(),
            null);
    }

    public PolicyInForce InForce
    {
        get
        {
            var now = Volatile.Read(ref loaded);
            var source = settings.OpaUrl is not null ? PolicySource.Opa : settings.PolicyFolder is not null ? PolicySource.Folder : PolicySource.BuiltIn;
            return new PolicyInForce(now.Engine.Name, source, now.Engine is ScopesEngine scopes ? scopes.Rules : [], now.At, now.Fault);
        }
    }

    /// <summary>Counts and times the decision; whoever asks puts it on record.</summary>
    public async ValueTask<PolicyDecision> DecideAsync(PolicyInput input, CancellationToken ct)
    {
        var engine = Volatile.Read(ref loaded).Engine;
        var begun = time.GetTimestamp();
        var decision = input.Fault is { } part ? new PolicyDecision.Denied(PolicyReasons.InvalidInput(part)) : await engine.DecideAsync(input, ct);
        metrics.Decided(engine.Name, decision, time.GetElapsedTime(begun));
        return decision;
    }

    public void Dispose() => (loaded.Engine as IDisposable)?.Dispose();

    internal void Use(ScopesEngine engine) => Volatile.Write(ref loaded, new Loaded(engine, time.GetUtcNow(), null));

    /// <summary>Whether this is what was read last, so that there is no news in it.</summary>
    internal bool Knows(PolicyFolder read) => Volatile.Read(ref loaded) is var now && read switch
    {
        PolicyFolder.Valid valid => now.Fault is null && now.Engine is ScopesEngine scopes && scopes.Digest.AsSpan().SequenceEqual(valid.Engine.Digest),
        PolicyFolder.Invalid invalid => now.Fault?.Message == invalid.Fault,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What holds goes on holding.</summary>
    internal void Keep(string fault) => Volatile.Write(ref loaded, loaded with { Fault = new PolicyFault(time.GetUtcNow(), fault) });

    private sealed record Loaded(IPolicyEngine Engine, DateTimeOffset At, PolicyFault? Fault);
}
