using System.Security.Cryptography;
using System.Text.Json;

namespace Signet.Server.Policy;

/// <summary>
/// The built-in engine: a map of routes to the scopes they ask for. What has no rule is denied. Where several rules fit a path,
/// the one that names its segments earliest counts, as routing itself decides.
/// </summary>
internal sealed class ScopesEngine : IPolicyEngine
{
    public const string EngineName = "scopes";
    private const int MostRules = 5000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    private readonly Dictionary<(string Method, bool IsRoute, int Length), PolicyRule[]> byShape;

    private ScopesEngine(IReadOnlyList<PolicyRule> rules, byte[] digest)
    {
        Rules = rules;
        Digest = digest;
        byShape = rules
            .GroupBy(rule => (rule.Method, rule.IsRoute, rule.Length))
            .ToDictionary(group => group.Key, group => group.OrderBy(rule => rule.Rank, StringComparer.Ordinal).ToArray());
    }

    public string Name => EngineName;

    /// <summary>SHA-256 of what was read.</summary>
    public byte[] Digest { get; }

    /// <summary>By path, then method.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; }

    /// <summary>The policy that holds where the operator gives none: it names every route of ours.</summary>
    public static ScopesEngine BuiltIn()
    {
        using var stream = typeof(ScopesEngine).Assembly.GetManifestResourceStream("policy/scopes.json")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return TryRead(copy.ToArray(), out var fault) ?? throw new InvalidOperationException($"The built-in policy {fault}");
    }

    /// <param name="json">One object: <c>"METHOD /path/{parameter}": ["scope", …]</c>.</param>
    /// <param name="fault">What is wrong with it, to be read after the file's name.</param>
    public static ScopesEngine? TryRead(ReadOnlyMemory<byte> json, out string fault)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return TryRead(document.RootElement, SHA256.HashData(json.Span), out fault);
        }
        catch (JsonException broken)
        {
            fault = broken is { LineNumber: { } line, BytePositionInLine: { } position }
                ? $"is not JSON without repetitions (line {line + 1}, byte {position + 1})."
                : "is not JSON without repetitions.";
            return null;
        }
        catch (InvalidOperationException)
        {
            // An escaped surrogate without its partner.
            fault = "holds text that is no Unicode.";
            return null;
        }
    }

    public ValueTask<PolicyDecision> DecideAsync(PolicyInput input, CancellationToken ct) => new(Decide(input));

    private PolicyDecision Decide(PolicyInput input)
    {
        var path = PolicyInput.Segments(input.Path);
        var candidates = byShape.GetValueOrDefault((input.Method, input.Path[0] == '/', path.Length), []);
        if (Array.Find(candidates, rule => rule.Fits(path)) is not { } rule)
        {
            return new PolicyDecision.Denied(PolicyReasons.NoRule);
        }

        var missing = rule.Scopes.Except(input.Scopes, StringComparer.Ordinal).ToList();
        return missing.Count == 0 ? new PolicyDecision.Allowed() : new PolicyDecision.Denied(PolicyReasons.InsufficientScope(missing));
    }

    private static ScopesEngine? TryRead(JsonElement root, byte[] digest, out string fault)
    {
        if (root.ValueKind != JsonValueKind.Object || root.GetPropertyCount() is 0 or > MostRules)
        {
            fault = $"is to be one object with 1 to {MostRules} rules.";
            return null;
        }

        var rules = new Dictionary<string, PolicyRule>(StringComparer.Ordinal);
        foreach (var line in root.EnumerateObject())
        {
            if (TryMake(line, out fault) is not { } rule)
            {
                fault = $"has a rule that can't be read: \"{line.Name}\" {fault}.";
                return null;
            }

            if (!rules.TryAdd(rule.Shape, rule))
            {
                fault = $"has two rules for the same paths: \"{rules[rule.Shape].Method} {rules[rule.Shape].Path}\" and \"{line.Name}\".";
                return null;
            }
        }

        fault = "";
        return new ScopesEngine([.. rules.Values.OrderBy(rule => rule.Path, StringComparer.Ordinal).ThenBy(rule => rule.Method, StringComparer.Ordinal)], digest);
    }

    private static PolicyRule? TryMake(JsonProperty line, out string fault)
    {
        if (line.Value.ValueKind == JsonValueKind.Array && line.Value.EnumerateArray().All(scope => scope.ValueKind == JsonValueKind.String))
        {
            return PolicyRule.TryMake(line.Name, [.. line.Value.EnumerateArray().Select(scope => scope.GetString()!)], out fault);
        }

        fault = "is to ask for a list of scopes";
        return null;
    }
}
