using System.Text.Json;

namespace Signet.OpenIdFederation.Policy;

/// <summary>
/// The operators for one metadata parameter, in a combination the specification allows. Operators that are not understood were left out
/// (OIDFed §6.1.3.2); whether any of them was critical, <see cref="MetadataPolicy"/> has found out before.
/// </summary>
internal sealed record ParameterPolicy
{
    private ParameterPolicy(string parameter) => Parameter = parameter;

    public string Parameter { get; }

    /// <summary>The value to set; JSON null removes.</summary>
    public JsonElement? Value { get; private init; }

    public JsonElement[]? Add { get; private init; }

    public JsonElement? Default { get; private init; }

    public JsonElement[]? OneOf { get; private init; }

    public JsonElement[]? SubsetOf { get; private init; }

    public JsonElement[]? SupersetOf { get; private init; }

    public bool? Essential { get; private init; }

    public IReadOnlyList<(AdditionalOperator Operator, JsonElement Operand)> Additional { get; private init; } = [];

    public bool IsScope => Operand.IsScope(Parameter);

    public static ParameterPolicy? TryParse(string parameter, JsonElement operators, PolicyOperators understood, out FederationFault? fault)
    {
        if (operators.ValueKind is not JsonValueKind.Object)
        {
            fault = Fault(parameter, "the policy of a parameter is an object of operators");
            return null;
        }

        var policy = new ParameterPolicy(parameter);
        var isScope = policy.IsScope;
        List<(AdditionalOperator, JsonElement)> additional = [];
        foreach (var member in operators.EnumerateObject())
        {
            var operand = member.Value;
            var read = member.Name switch
            {
                "value" => policy with { Value = operand },
                "default" => operand.ValueKind is JsonValueKind.Null ? null : policy with { Default = operand },
                "add" => Operand.TryReadList(operand, isScope) is { } list ? policy with { Add = list } : null,
                "one_of" => Operand.TryReadList(operand, isScope: false) is { } list ? policy with { OneOf = list } : null,
                "subset_of" => Operand.TryReadList(operand, isScope) is { } list ? policy with { SubsetOf = list } : null,
                "superset_of" => Operand.TryReadList(operand, isScope) is { } list ? policy with { SupersetOf = list } : null,
                "essential" => operand.ValueKind is JsonValueKind.True or JsonValueKind.False ? policy with { Essential = operand.GetBoolean() } : null,
                _ => policy,
            };
            if (read is null)
            {
                fault = Fault(parameter, $"{member.Name} has a value of a type it does not support");
                return null;
            }

            if (understood.Find(member.Name) is { } known)
            {
                additional.Add((known, operand));
            }

            policy = read;
        }

        policy = policy with { Additional = additional };
        fault = policy.FindConflict() is { } conflict ? Fault(parameter, conflict) : null;
        return fault is null ? policy : null;
    }

    /// <summary>OIDFed §6.1.4.1: each operator merged by its own rule, and the combination looked at again.</summary>
    public ParameterPolicy? TryMerge(ParameterPolicy subordinate, out FederationFault? fault)
    {
        fault = FindMergeConflict(subordinate) is { } conflict ? Fault(Parameter, conflict) : null;
        if (fault is not null || TryMergeAdditional(subordinate, out fault) is not { } additional)
        {
            return null;
        }

        var merged = new ParameterPolicy(Parameter)
        {
            Value = Value ?? subordinate.Value,
            Add = Union(Add, subordinate.Add),
            Default = Default ?? subordinate.Default,
            OneOf = Intersection(OneOf, subordinate.OneOf),
            SubsetOf = Intersection(SubsetOf, subordinate.SubsetOf),
            SupersetOf = Union(SupersetOf, subordinate.SupersetOf),
            Essential = Essential is null && subordinate.Essential is null ? null : Essential is true || subordinate.Essential is true,
            Additional = additional,
        };
        fault = merged.FindConflict() is { } combination ? Fault(Parameter, combination) : null;
        return fault is null ? merged : null;
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, operand) in Operands())
        {
            writer.WritePropertyName(name);
            operand.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>Names and values, in the order of application.</summary>
    public IEnumerable<(string Name, JsonElement Operand)> Operands()
    {
        (string, JsonElement?)[] standard =
        [
            ("value", Value), ("add", ToElement(Add)), ("default", Default), ("one_of", ToElement(OneOf)), ("subset_of", ToElement(SubsetOf)),
            ("superset_of", ToElement(SupersetOf)), ("essential", Essential is { } essential ? Json.ToElement(w => w.WriteBooleanValue(essential)) : null),
        ];
        return standard.Where(pair => pair.Item2 is not null).Select(pair => (pair.Item1, pair.Item2!.Value))
            .Concat(Additional.Select(added => (added.Operator.Name, added.Operand)));
    }

    public static JsonElement? ToElement(JsonElement[]? list) => list is null ? null : Json.ToElement(writer => Json.WriteArray(writer, list));

    private static FederationFault Fault(string parameter, string detail) =>
        new(FaultKind.InvalidPolicy, $"{FederationFault.Quote(parameter)}: {detail}.");

    /// <summary>OIDFed §6.1.3.1.1 to §6.1.3.1.7, "Combination with other operators"; null when allowed.</summary>
    private string? FindConflict()
    {
        if (OneOf is not null && (Add ?? SubsetOf ?? SupersetOf) is not null)
        {
            return "one_of can't be combined with add, subset_of or superset_of";
        }

        if (Value is { } value && FindConflictWith(value) is { } conflict)
        {
            return conflict;
        }

        if (Add is not null && SubsetOf is not null && !Json.IsWithin(Add, SubsetOf))
        {
            return "the values of add must be among those of subset_of";
        }

        if (SubsetOf is not null && SupersetOf is not null && !Json.IsWithin(SupersetOf, SubsetOf))
        {
            return "the values of superset_of must be among those of subset_of";
        }

        return Additional.Select(added => added.Operator.FindDefect(added.Operand, [.. NamesBeside(added.Operator)])).FirstOrDefault(defect => defect is not null);
    }

    private string? FindConflictWith(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null)
        {
            // A parameter that is taken away has no values that could be compared, so null goes with "essential": false only.
            return Default is not null || Essential is true || (Add ?? OneOf ?? SubsetOf ?? SupersetOf) is not null
                ? "value is null, and what stands beside it needs a value"
                : null;
        }

        var list = Operand.TryReadList(value, IsScope) ?? (value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray()] : null);
        if (Add is not null && (list is null || !Json.IsWithin(Add, list)))
        {
            return "the values of add must be among those of value";
        }

        if (OneOf is not null && !OneOf.Contains(IsScope && list is not null ? Operand.Join(list) : value, ElementEquality.Instance))
        {
            return "the value of value must be among those of one_of";
        }

        if (SubsetOf is not null && (list is null || !Json.IsWithin(list, SubsetOf)))
        {
            return "the values of value must be among those of subset_of";
        }

        return SupersetOf is not null && (list is null || !Json.IsWithin(SupersetOf, list))
            ? "the values of superset_of must be among those of value"
            : null;
    }

    private string? FindMergeConflict(ParameterPolicy subordinate)
    {
        if (Value is { } value && subordinate.Value is { } otherValue && !Operand.AreEqual(value, otherValue, IsScope))
        {
            return "value differs between superior and subordinate";
        }

        if (Default is { } initial && subordinate.Default is { } otherInitial && !Operand.AreEqual(initial, otherInitial, IsScope))
        {
            return "default differs between superior and subordinate";
        }

        // OIDFed §6.1.3.1.4: an empty intersection is an error here; for subset_of it is not.
        return OneOf is not null && subordinate.OneOf is not null && !Json.ToSet(subordinate.OneOf).Overlaps(OneOf)
            ? "one_of of superior and subordinate have nothing in common"
            : null;
    }

    private List<(AdditionalOperator, JsonElement)>? TryMergeAdditional(ParameterPolicy subordinate, out FederationFault? fault)
    {
        fault = null;
        List<(AdditionalOperator Operator, JsonElement Operand)> merged = [.. Additional];
        foreach (var (added, operand) in subordinate.Additional)
        {
            var at = merged.FindIndex(present => string.Equals(present.Operator.Name, added.Name, StringComparison.Ordinal));
            if (at < 0)
            {
                merged.Add((added, operand));
            }
            else if (added.TryMerge(merged[at].Operand, operand) is { } both)
            {
                merged[at] = (added, both);
            }
            else
            {
                fault = Fault(Parameter, $"{added.Name} can't be merged");
                return null;
            }
        }

        return merged;
    }

    private IEnumerable<string> NamesBeside(AdditionalOperator added) =>
        Operands().Select(pair => pair.Name).Where(name => !string.Equals(name, added.Name, StringComparison.Ordinal));

    // The superior's values first, each once.
    private static JsonElement[]? Union(JsonElement[]? superior, JsonElement[]? subordinate) =>
        superior is null || subordinate is null ? superior ?? subordinate : [.. superior.Union(subordinate, ElementEquality.Instance)];

    private static JsonElement[]? Intersection(JsonElement[]? superior, JsonElement[]? subordinate) =>
        superior is null || subordinate is null ? superior ?? subordinate : [.. superior.Intersect(subordinate, ElementEquality.Instance)];
}
