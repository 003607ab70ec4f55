using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Signet.OpenIdFederation.Policy;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>
/// The laws of metadata policy. "In order" has two readings, and both are held to: operator by operator over both policies, which holds for
/// every pair that merges; and policy after policy, which holds where the subordinate only checks (its <c>value</c> or <c>add</c> may mend what
/// the superior's check would have refused before, which is what merging first is for).
/// </summary>
public sealed class PolicyPropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly string?[] Lists = [null, null, null, "[]", """["a"]""", """["b"]""", """["a","b"]""", """["b","c"]""", """["a","b","c"]"""];
    // An empty one_of lets nothing through, and merged with any other it has nothing in common with it: also with itself.
    private static readonly string?[] Choices = [.. Lists.Where(list => list is not "[]")];
    private static readonly string?[] Texts = [null, null, "\"a\"", "\"b\""];
    private static readonly string?[] Flags = [null, "true", "false"];

    private static readonly Gen<string> ListPolicies =
        from value in Gen.Elements([null, null, null, .. Lists])
        from add in Gen.Elements(Lists)
        from initial in Gen.Elements(Lists)
        from subset in Gen.Elements(Lists)
        from superset in Gen.Elements(Lists)
        from essential in Gen.Elements(Flags)
        select Write(("value", value), ("add", add), ("default", initial), ("subset_of", subset), ("superset_of", superset), ("essential", essential));

    private static readonly Gen<string> TextPolicies =
        from value in Gen.Elements([null, "null", .. Texts])
        from initial in Gen.Elements(Texts)
        from choice in Gen.Elements(Choices)
        from essential in Gen.Elements(Flags)
        select Write(("value", value), ("default", initial), ("one_of", choice), ("essential", essential));

    private static readonly Gen<string> CheckPolicies = Gen.OneOf(
        from subset in Gen.Elements(Lists)
        from superset in Gen.Elements(Lists)
        from essential in Gen.Elements(Flags)
        select Write(("subset_of", subset), ("superset_of", superset), ("essential", essential)),
        from choice in Gen.Elements(Choices)
        from essential in Gen.Elements(Flags)
        select Write(("one_of", choice), ("essential", essential)));

    private static readonly Gen<EntityTypePolicy> Any = Valid(Gen.OneOf(ListPolicies, TextPolicies));
    private static readonly Gen<EntityTypePolicy> Checks = Valid(CheckPolicies);

    private static readonly Gen<string> Metadata = Gen.Elements([.. Lists, .. Texts])
        .Select(value => value is null ? "{\"q\":1}" : "{\"q\":1,\"p\":" + value + "}");

    [Fact]
    public void A_policy_merged_with_itself_or_with_nothing_is_itself() => Check.One(Many, Prop.ForAll(Any.ToArbitrary(), policy =>
        Same(Merge(policy, policy), policy) && Same(Merge(policy, EntityTypePolicy.Empty), policy) && Same(Merge(EntityTypePolicy.Empty, policy), policy)));

    [Fact]
    public void Merging_does_not_depend_on_who_is_above_but_for_the_order_of_values() => Check.One(Many, Prop.ForAll(
        Any.ToArbitrary(), Any.ToArbitrary(), (one, other) => Same(Merge(one, other), Merge(other, one))));

    [Fact]
    public void Merging_three_gives_the_same_from_either_end() => Check.One(Many, Prop.ForAll(
        Any.ToArbitrary(), Any.ToArbitrary(), Any.ToArbitrary(), (a, b, c) => Same(Merge(Merge(a, b), c), Merge(a, Merge(b, c)))));

    [Fact]
    public void A_merged_policy_does_what_both_do_operator_by_operator_or_both_refuse() => Check.One(Many, Prop.ForAll(
        Any.ToArbitrary(), Any.ToArbitrary(), Metadata.ToArbitrary(), (superior, subordinate, metadata) =>
            Merge(superior, subordinate) is not { } merged || Equal(Apply(merged, metadata), OperatorByOperator(metadata, superior, subordinate))));

    [Fact]
    public void A_merged_policy_does_what_one_after_the_other_does_where_the_subordinate_only_checks() => Check.One(Many, Prop.ForAll(
        Any.ToArbitrary(), Checks.ToArbitrary(), Metadata.ToArbitrary(), (superior, subordinate, metadata) =>
            Merge(superior, subordinate) is not { } merged
            || Equal(Apply(merged, metadata), Apply(superior, metadata) is { } once ? Apply(subordinate, once.GetRawText()) : null)));

    [Fact]
    public void What_a_merged_policy_lets_through_complies_with_the_checks_of_both() => Check.One(Many, Prop.ForAll(
        Any.ToArbitrary(), Any.ToArbitrary(), Metadata.ToArbitrary(), (superior, subordinate, metadata) =>
            Merge(superior, subordinate) is not { } merged || Apply(merged, metadata) is not { } resolved
            || (Complies(resolved, superior) && Complies(resolved, subordinate))));

    [Fact]
    public void Applying_a_policy_again_changes_nothing() => Check.One(Many, Prop.ForAll(
        Any.ToArbitrary(), Metadata.ToArbitrary(), (policy, metadata) =>
            Apply(policy, metadata) is not { } once || Equal(once, Apply(policy, once.GetRawText()))));

    [Fact]
    public void No_result_has_a_null_or_loses_what_no_policy_is_about() => Check.One(Many, Prop.ForAll(
        Any.ToArbitrary(), Metadata.ToArbitrary(), (policy, metadata) =>
            Apply(policy, metadata) is not { } resolved
            || (resolved.GetProperty("q").GetInt32() == 1 && resolved.EnumerateObject().All(member => member.Value.ValueKind is not JsonValueKind.Null))));

    private static string Write(params (string Name, string? Json)[] operators) =>
        "{" + string.Join(',', operators.Where(pair => pair.Json is not null).Select(pair => $"\"{pair.Name}\":{pair.Json}")) + "}";

    private static Gen<EntityTypePolicy> Valid(Gen<string> policies) => policies.Select(Parse).Where(policy => policy is not null).Select(policy => policy!);

    private static EntityTypePolicy? Parse(string operators) =>
        EntityTypePolicy.TryParse(JsonElement.Parse("{\"p\":" + operators + "}"), PolicyOperators.Standard, out _);

    private static EntityTypePolicy? Merge(EntityTypePolicy? superior, EntityTypePolicy? subordinate) =>
        superior is null || subordinate is null ? null : superior.TryMerge(subordinate, out _);

    private static JsonElement? Apply(EntityTypePolicy policy, string metadata) => policy.TryApply(JsonElement.Parse(metadata), out _);

    private static JsonObject Operators(EntityTypePolicy policy) =>
        JsonNode.Parse(policy.ToUtf8Json())!.AsObject().TryGetPropertyValue("p", out var operators) ? operators!.AsObject() : [];

    /// <summary>The values of <c>value</c> and <c>default</c> in their order, all others as sets.</summary>
    private static bool Same(EntityTypePolicy? one, EntityTypePolicy? other) =>
        one is null || other is null ? one is null && other is null : Sorted(one) == Sorted(other);

    private static string Sorted(EntityTypePolicy policy) => string.Join(';', Operators(policy).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair =>
        pair.Value is JsonArray array && pair.Key is not ("value" or "default")
            ? $"{pair.Key}={string.Join(',', array.Select(item => item!.ToJsonString()).Order(StringComparer.Ordinal))}"
            : $"{pair.Key}={pair.Value?.ToJsonString()}"));

    private static bool Equal(JsonElement? one, JsonElement? other) =>
        one is { } first && other is { } second ? JsonElement.DeepEquals(first, second) : one is null && other is null;

    /// <summary>One operator at a time, the superior's before the subordinate's, each as a policy of its own.</summary>
    private static JsonElement? OperatorByOperator(string metadata, params EntityTypePolicy[] policies)
    {
        JsonElement? current = JsonElement.Parse(metadata);
        foreach (var name in PolicyOperators.StandardNames)
        {
            // Where nobody has set a value, the first default counts; a second one finds the parameter present.
            foreach (var operand in policies.Select(Operators).Where(operators => operators.ContainsKey(name)).Select(operators => operators[name]))
            {
                current = current is { } reached ? Apply(Parse(Write((name, operand?.ToJsonString() ?? "null")))!, reached.GetRawText()) : null;
            }
        }

        return current;
    }

    private static bool Complies(JsonElement resolved, EntityTypePolicy policy)
    {
        var checks = Operators(policy);
        foreach (var modifier in (string[])["value", "add", "default"])
        {
            checks.Remove(modifier);
        }

        return Equal(Apply(Parse(checks.ToJsonString())!, resolved.GetRawText()), resolved);
    }
}
