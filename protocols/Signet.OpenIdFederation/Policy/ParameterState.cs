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

    /// <summary>
    /// Applies all operators in their order (OIDFed §6.1.3.1); says what the first refusing one objects to. Added operators that modify come after
    /// <c>value</c>, those that check before <c>essential</c> (OIDFed §6.1.3.2).
    /// </summary>
    public string? Run() =>
        Step("value", policy.Value, ApplyValue)
        ?? Step("add", policy.Add, ApplyAdd)
        ?? Step("default", policy.Default, ApplyDefault)
        ?? RunAdded(modifying: true)
        ?? Step("one_of", policy.OneOf, ApplyOneOf)
        ?? Step("subset_of", policy.SubsetOf, ApplySubsetOf)
        ?? Step("superset_of", policy.SupersetOf, ApplySupersetOf)
        ?? RunAdded(modifying: false)
        ?? Step("essential", policy.Essential, ApplyEssential);

    private string? Step<T>(string name, T? operand, Func<string?> apply)
    {
        if (operand is null)
        {
            return null;
        }

        var before = trace is null ? null : Current;
        var fault = apply();
        trace?.Add(new PolicyStep(policy.Parameter, name, policy.Operands().First(pair => pair.Name == name).Operand, before, fault is null ? Current : before, fault));
        return fault;
    }

    private string? RunAdded(bool modifying)
    {
        foreach (var (added, operand) in policy.Additional)
        {
            if (added.Modifies == modifying && Step(added.Name, added, () => ApplyAdded(added, operand)) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private string? ApplyValue() => Set(policy.Value is { ValueKind: JsonValueKind.Null } ? null : policy.Value);

    private string? ApplyDefault() => IsAbsent ? Set(policy.Default) : null;

    private string? ApplyEssential() => policy.Essential is true && IsAbsent ? "essential: the parameter is missing" : null;

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
}
