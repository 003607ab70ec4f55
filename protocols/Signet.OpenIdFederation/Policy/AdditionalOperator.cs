using System.Text.Json;

namespace Signet.OpenIdFederation.Policy;

/// <summary>
/// A policy operator a federation has added (OIDFed §6.1.3.2). A modifying one is applied after <c>default</c>, a checking one before
/// <c>essential</c>. Implementations are pure and safe on any thread.
/// </summary>
public abstract class AdditionalOperator
{
    /// <summary>The case-sensitive name; none of the standard ones.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the operator changes the parameter, rather than only looking at it.</summary>
    public abstract bool Modifies { get; }

    /// <summary>Says what is wrong with a configured value and the operators beside it; null when nothing is.</summary>
    /// <param name="operand">The operator's value.</param>
    /// <param name="others">The names of all other operators of the same parameter.</param>
    public abstract string? FindDefect(JsonElement operand, IReadOnlyCollection<string> others);

    /// <summary>The value that is at least as strict as both; null when they can't be merged.</summary>
    public abstract JsonElement? TryMerge(JsonElement superior, JsonElement subordinate);

    /// <summary>Applies the operator to a parameter, which is null when absent.</summary>
    /// <param name="parameter">The parameter's value.</param>
    /// <param name="operand">The operator's value.</param>
    /// <param name="result">The value afterwards; null removes the parameter. A checking operator returns what it was given.</param>
    /// <returns>False when the parameter does not comply.</returns>
    public abstract bool TryApply(JsonElement? parameter, JsonElement operand, out JsonElement? result);
}
