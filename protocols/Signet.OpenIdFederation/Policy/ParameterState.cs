using System.Text.Json;

namespace Signet.OpenIdFederation.Policy;

/// <summary>One parameter on its way through the operators: absent, a value, or the list a list operator has made.</summary>
internal sealed class ParameterState(ParameterPolicy policy, JsonElement? initial, List<PolicyStep>? trace)
{
    private JsonElement? element = initial;
    private List<JsonElement>? items;

    private bool IsAbsent => element is null && items is null;

    /// <summary>The value; null when absent. The result for <c>scope</c> is text again (OIDFed §6.1.3.1.8).</summary>
    public JsonElement? Current
    {
        get
        {
            var list = items ?? (policy.IsScope && element?.ValueKind is JsonValueKind.Array ? Operand.TryReadList(element.Value, isScope: true)?.ToList() : null);
            return list is null ? element
                : policy.IsScope ? Operand.Join(list)
                : Json.ToElement(writer => Json.WriteArray(writer, list));
        }
    }

    /// <summary>Applies all operators in their order; says what the first refusing one objects to.</summary>
    public string? Run()
    {
        foreach (var (name, operand) in InOrder())
        {
            var before = trace is null ? null : Current;
            var fault = Apply(name, operand);
            trace?.Add(new PolicyStep(policy.Parameter, name, operand, before, fault is null ? Current : before, fault));
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>OIDFed §6.1.3.2: added operators that modify come after <c>value</c>, those that check before <c>essential</c>.</summary>
    private IEnumerable<(string Name, JsonElement Operand)> InOrder() => policy.Operands().OrderBy(pair => pair.Name switch
    {
        "value" => 0,
        "add" => 1,
        "default" => 2,
        "one_of" => 4,
        "subset_of" => 5,
        "superset_of" => 6,
        "essential" => 8,
        _ => Added(pair.Name).Modifies ? 3 : 7,
    });

    private string? Apply(string name, JsonElement operand) => name switch
    {
        "value" => Set(operand.ValueKind is JsonValueKind.Null ? null : operand),
        "add" => ApplyAdd(),
        "default" => IsAbsent ? Set(operand) : null,
        "one_of" => ApplyOneOf(),
        "subset_of" => ApplySubsetOf(),
        "superset_of" => ApplySupersetOf(),
        "essential" => policy.Essential is true && IsAbsent ? "essential: the parameter is missing" : null,
        _ => ApplyAdded(Added(name), operand),
    };

    private string? Set(JsonElement? value)
    {
        element = value;
        items = null;
        return null;
    }

    private string? ApplyAdd()
    {
        if (IsAbsent)
        {
            items = [.. policy.Add!];
            return null;
        }

        if (!TryList())
        {
            return "add: the parameter is no array of strings, objects or numbers";
        }

        items = [.. items!.Union(policy.Add!, ElementEquality.Instance)];
        return null;
    }

    private string? ApplyOneOf()
    {
        if (Current is not { } current)
        {
            return null;
        }

        if (current.ValueKind is not (JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Number))
        {
            return "one_of: the parameter is no string, object or number";
        }

        return policy.OneOf!.Contains(current, ElementEquality.Instance) ? null : "one_of: the value is none of those allowed";
    }

    private string? ApplySubsetOf()
    {
        if (IsAbsent)
        {
            return null;
        }

        if (!TryList())
        {
            return "subset_of: the parameter is no array of strings, objects or numbers";
        }

        items = [.. items!.Intersect(policy.SubsetOf!, ElementEquality.Instance)];
        return null;
    }

    private string? ApplySupersetOf()
    {
        if (IsAbsent)
        {
            return null;
        }

        if (!TryList())
        {
            return "superset_of: the parameter is no array of strings, objects or numbers";
        }

        return Json.IsWithin(policy.SupersetOf!, items!) ? null : "superset_of: a required value is missing";
    }

    private string? ApplyAdded(AdditionalOperator added, JsonElement operand)
    {
        var before = Current;
        if (!added.TryApply(before, operand, out var after))
        {
            return $"{added.Name}: the parameter does not comply";
        }

        // OIDFed §6.1.3: no operator may put out null.
        if (after is { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined })
        {
            return $"{added.Name}: the operator put out null";
        }

        return added.Modifies ? Set(after) : null;
    }

    private bool TryList()
    {
        items ??= Operand.TryReadList(element!.Value, policy.IsScope)?.ToList();
        return items is not null;
    }

    private AdditionalOperator Added(string name) =>
        policy.Additional.First(added => string.Equals(added.Operator.Name, name, StringComparison.Ordinal)).Operator;
}
