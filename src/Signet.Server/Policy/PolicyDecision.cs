using Signet.OAuth;

namespace Signet.Server.Policy;

/// <summary>What was decided. There is no third case: what can't be decided is denied.</summary>
public abstract record PolicyDecision
{
    private PolicyDecision()
    {
    }

    public sealed record Allowed : PolicyDecision;

    /// <param name="Reason">A word of <see cref="PolicyReasons"/>, perhaps with what it is about, or what the operator's own policy says. At most 200 characters.</param>
    public sealed record Denied(string Reason) : PolicyDecision;
}

/// <summary>The reasons that are ours. A policy of the operator's in OPA may give others.</summary>
public static class PolicyReasons
{
    public const int Longest = 200;

    private const string Insufficient = "insufficient_scope: ";

    /// <summary>No rule names this method and path.</summary>
    public const string NoRule = "no_rule";

    /// <summary>The engine could not be asked, or its answer was none.</summary>
    public const string EngineUnavailable = "engine_unavailable";

    /// <summary>OPA denied and did not say why.</summary>
    public const string Denied = "denied";

    /// <summary>RFC 6750 §3.1 has the word.</summary>
    /// <param name="missing">The scopes that were asked for and not there.</param>
    public static string InsufficientScope(IEnumerable<string> missing) =>
        Clip($"{Insufficient}{string.Join(' ', missing.Order(StringComparer.Ordinal))}");

    /// <summary>The scopes that a reason names as missing; none where it is another reason, or one that was cut off.</summary>
    public static IReadOnlyList<string> MissingIn(string reason) =>
        reason.Length < Longest && reason.StartsWith(Insufficient, StringComparison.Ordinal) && ScopeSet.TryParse(reason[Insufficient.Length..], out var scopes)
            ? [.. scopes.Tokens]
            : [];

    public static string InvalidInput(string part) => $"invalid_input: {part}";

    internal static string Clip(string reason) => reason.Length <= Longest ? reason : reason[..Longest];
}
