namespace Signet.OpenIdFederation.Policy;

/// <summary>The operators an implementation understands: the seven of the specification, and those added to them.</summary>
public sealed class PolicyOperators
{
    private readonly Dictionary<string, AdditionalOperator> additional;

    /// <summary>The standard operators and these.</summary>
    /// <exception cref="ArgumentException">A name is a standard one, or occurs twice.</exception>
    public PolicyOperators(params IEnumerable<AdditionalOperator> additional)
    {
        this.additional = additional.ToDictionary(added => added.Name, StringComparer.Ordinal);
        if (this.additional.Keys.FirstOrDefault(IsStandard) is { } taken)
        {
            throw new ArgumentException($"The operator {taken} is defined by the specification.", nameof(additional));
        }
    }

    /// <summary>The standard operators alone.</summary>
    public static PolicyOperators Standard { get; } = new();

    /// <summary>The standard names, in the order of application (OIDFed §6.1.3.1).</summary>
    public static IReadOnlyList<string> StandardNames { get; } = ["value", "add", "default", "one_of", "subset_of", "superset_of", "essential"];

    /// <summary>Whether the specification defines the operator.</summary>
    public static bool IsStandard(string name) => StandardNames.Contains(name);

    /// <summary>Whether the operator can be processed.</summary>
    public bool IsUnderstood(string name) => IsStandard(name) || additional.ContainsKey(name);

    internal AdditionalOperator? Find(string name) => additional.GetValueOrDefault(name);
}
