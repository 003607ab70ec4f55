using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Policy;
using Xunit;
using static Protocols.Tests.OpenIdFederation.PolicyVectorTests;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>Metadata policy beyond the public vectors: types, scope, language tags, added operators, steps.</summary>
public sealed class PolicyTests
{
    [Theory]
    [InlineData("""{"p":{"default":null}}""")]
    [InlineData("""{"p":{"essential":"true"}}""")]
    [InlineData("""{"p":{"essential":1}}""")]
    [InlineData("""{"p":{"add":"a"}}""")]
    [InlineData("""{"p":{"add":[true]}}""")]
    [InlineData("""{"p":{"add":["a",1]}}""")]
    [InlineData("""{"p":{"add":[["a"]]}}""")]
    [InlineData("""{"p":{"one_of":"a"}}""")]
    [InlineData("""{"p":{"one_of":[null]}}""")]
    [InlineData("""{"p":{"subset_of":{"a":1}}}""")]
    [InlineData("""{"p":{"superset_of":null}}""")]
    [InlineData("""{"p":"a"}""")]
    [InlineData("""{"p":null}""")]
    [InlineData("[]")]
    [InlineData("""{"p":{"value":null,"essential":true}}""")]
    [InlineData("""{"p":{"value":null,"default":"a"}}""")]
    [InlineData("""{"p":{"value":null,"add":[]}}""")]
    [InlineData("""{"p":{"value":null,"one_of":["a"]}}""")]
    [InlineData("""{"p":{"value":null,"subset_of":["a"]}}""")]
    [InlineData("""{"p":{"value":null,"superset_of":[]}}""")]
    [InlineData("""{"p":{"value":"a","add":["a"]}}""")]
    [InlineData("""{"p":{"value":"a","subset_of":["a"]}}""")]
    [InlineData("""{"p":{"value":["a"],"one_of":["a"]}}""")]
    [InlineData("""{"p":{"value":"b","one_of":["a"]}}""")]
    [InlineData("""{"p":{"one_of":["a"],"add":["a"]}}""")]
    [InlineData("""{"p":{"one_of":["a"],"subset_of":["a"]}}""")]
    [InlineData("""{"p":{"one_of":["a"],"superset_of":["a"]}}""")]
    [InlineData("""{"p":{"value":"a","value":"a"}}""")]
    [InlineData("""{"p":{"value":"a"},"p":{"value":"a"}}""")]
    public void A_policy_that_is_none_is_refused(string policy)
    {
        var answer = Answer(Question([policy], """{}"""));

        Assert.Equal("invalid_policy", answer.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("""{"p":{"value":"a"}}""", """{"p":{"value":"b"}}""")]
    [InlineData("""{"p":{"value":["a","b"]}}""", """{"p":{"value":["b","a"]}}""")]
    [InlineData("""{"p":{"value":1}}""", """{"p":{"value":"1"}}""")]
    [InlineData("""{"p":{"default":"a"}}""", """{"p":{"default":"b"}}""")]
    [InlineData("""{"p":{"one_of":["a"]}}""", """{"p":{"one_of":["b"]}}""")]
    [InlineData("""{"p":{"one_of":["a"]}}""", """{"p":{"subset_of":["a"]}}""")]
    [InlineData("""{"p":{"subset_of":["a"]}}""", """{"p":{"superset_of":["b"]}}""")]
    [InlineData("""{"p":{"subset_of":["a"]}}""", """{"p":{"add":["b"]}}""")]
    [InlineData("""{"p":{"value":null}}""", """{"p":{"essential":true}}""")]
    [InlineData("""{"p":{"subset_of":["a"],"superset_of":["a"]}}""", """{"p":{"subset_of":["b"]}}""")]
    public void Policies_that_exclude_each_other_are_refused(string superior, string subordinate)
    {
        Assert.Equal("invalid_policy", Answer(Question([superior, subordinate], """{"p":"a"}""")).GetProperty("error").GetString());
        Assert.Equal("invalid_policy", Answer(Question([subordinate, superior], """{"p":"a"}""")).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("""{"p":{"add":["a"]}}""", """{"p":"a"}""")]
    [InlineData("""{"p":{"add":["a"]}}""", """{"p":true}""")]
    [InlineData("""{"p":{"subset_of":["a"]}}""", """{"p":"a"}""")]
    [InlineData("""{"p":{"superset_of":["a"]}}""", """{"p":{"a":"a"}}""")]
    [InlineData("""{"p":{"one_of":["a"]}}""", """{"p":["a"]}""")]
    [InlineData("""{"p":{"one_of":["a"]}}""", """{"p":"b"}""")]
    [InlineData("""{"p":{"essential":true}}""", "{}")]
    [InlineData("{}", """{"p":null}""")]
    [InlineData("{}", "[]")]
    [InlineData("""{"p":{"value":"a"}}""", """{"p":null}""")]
    public void Metadata_that_do_not_comply_are_refused(string policy, string metadata)
    {
        var answer = Answer(Question([policy], metadata));

        Assert.Equal("invalid_metadata", answer.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("""{"p":{"value":{"keys":[1]}}}""", """{"p":"x"}""", """{"p":{"keys":[1]}}""")]
    [InlineData("""{"p":{"default":{"a":{}}}}""", "{}", """{"p":{"a":{}}}""")]
    [InlineData("""{"p":{"add":[{"a":1}]}}""", """{"p":[{"a":1.0},{"b":2}]}""", """{"p":[{"a":1.0},{"b":2}]}""")]
    [InlineData("""{"p":{"subset_of":[1,2]}}""", """{"p":[2,3]}""", """{"p":[2]}""")]
    [InlineData("""{"p":{"one_of":[{"a":[1,2]}]}}""", """{"p":{"a":[1,2]}}""", """{"p":{"a":[1,2]}}""")]
    [InlineData("""{"p":{"value":null}}""", """{"p":"x","q":1}""", """{"q":1}""")]
    [InlineData("""{"p":{"value":null,"essential":false}}""", """{"p":"x"}""", "{}")]
    [InlineData("""{"p":{"value":false}}""", "{}", """{"p":false}""")]
    [InlineData("""{"p":{"default":["a"],"add":["b"]}}""", "{}", """{"p":["b"]}""")]
    [InlineData("""{"p":{"add":["b"],"subset_of":["b"]}}""", """{"p":["a"]}""", """{"p":["b"]}""")]
    [InlineData("""{"p":{"subset_of":["a"]}}""", """{"p":["a","a"]}""", """{"p":["a"]}""")]
    [InlineData("""{"p":{"default":"a","one_of":["a"]}}""", "{}", """{"p":"a"}""")]
    public void Operators_act_in_their_order_on_every_type_they_support(string policy, string metadata, string expected) =>
        Same(expected, Answer(Question([policy], metadata)).GetProperty("resolved"));

    [Theory]
    [InlineData("""{"scope":{"subset_of":["openid","email"]}}""", "openid profile", "openid")]
    [InlineData("""{"scope":{"subset_of":"openid email"}}""", "email openid profile", "email openid")]
    [InlineData("""{"scope":{"superset_of":["openid"]}}""", "openid  email", "openid email")]
    [InlineData("""{"scope":{"add":["offline_access"]}}""", "openid", "openid offline_access")]
    [InlineData("""{"scope":{"add":"openid email"}}""", null, "openid email")]
    [InlineData("""{"scope":{"default":["openid","email"]}}""", null, "openid email")]
    [InlineData("""{"scope":{"default":"openid"}}""", null, "openid")]
    [InlineData("""{"scope":{"value":["openid"]}}""", "email", "openid")]
    [InlineData("""{"scope":{"value":"openid","subset_of":["openid","email"],"superset_of":["openid"],"add":["openid"]}}""", "email", "openid")]
    [InlineData("""{"scope":{"one_of":["openid","openid email"]}}""", "openid email", "openid email")]
    [InlineData("""{"scope":{"subset_of":["email"]}}""", "openid", "")]
    public void Scope_is_a_list_to_operators_and_text_in_metadata(string policy, string? scope, string expected)
    {
        var metadata = scope is null ? "{}" : $$"""{"scope":"{{scope}}"}""";

        Same($$"""{"scope":"{{expected}}"}""", Answer(Question([policy], metadata)).GetProperty("resolved"));
    }

    [Fact]
    public void Scope_as_text_and_scope_as_array_merge() =>
        Same(
            """{"scope":{"value":"openid email","subset_of":["openid","email"]}}""",
            Answer("""
                {"policies":[{"scope":{"value":"openid email","subset_of":"openid email profile"}},{"scope":{"value":["openid","email"],"subset_of":["openid","email"]}}],
                 "metadata":{}}
                """).GetProperty("merged"));

    [Fact]
    public void A_name_with_a_language_tag_means_that_tag_alone() =>
        Same(
            """{"client_name":"A","client_name#de":"C"}""",
            Answer("""{"policies":[{"client_name#de":{"value":"C"}}],"metadata":{"client_name":"A","client_name#de":"B"}}""").GetProperty("resolved"));

    [Fact]
    public void Three_policies_merge_from_the_most_superior_down() =>
        Same(
            """{"p":{"add":["a","b","c"]}}""",
            Answer("""{"policies":[{"p":{"add":["a"]}},{"p":{"add":["b"]}},{"p":{"add":["c","a"]}}],"metadata":{}}""").GetProperty("merged"));

    [Fact]
    public void An_operator_nobody_understands_is_ignored() =>
        Same(
            """{"p":"x"}""",
            Answer("""{"policies":[{"p":{"regexp":"^a"}},{"p":{"regexp":"^b"}}],"metadata":{"p":"x"}}""").GetProperty("resolved"));

    [Fact]
    public void An_added_operator_is_applied_merged_and_checked()
    {
        var operators = new PolicyOperators(new PrefixOperator());

        Same("""{"p":"ab"}""", Ask("""[{"p":{"starts_with":"a"}},{"p":{"starts_with":"ab"}}]""", """{"p":"ab"}""").GetProperty("resolved"));
        Assert.Equal("invalid_metadata", Ask("""[{"p":{"starts_with":"a"}}]""", """{"p":"b"}""").GetProperty("error").GetString());
        Assert.Equal("invalid_policy", Ask("""[{"p":{"starts_with":"a"}},{"p":{"starts_with":"b"}}]""", """{"p":"b"}""").GetProperty("error").GetString());
        Assert.Equal("invalid_policy", Ask("""[{"p":{"starts_with":1}}]""", """{"p":"b"}""").GetProperty("error").GetString());
        Assert.Equal("invalid_policy", Ask("""[{"p":{"starts_with":"a","add":["a"]}}]""", "{}").GetProperty("error").GetString());
        Assert.Throws<ArgumentException>(() => new PolicyOperators(new PrefixOperator(), new PrefixOperator()));

        JsonElement Ask(string policies, string metadata) => JsonElement.Parse(PolicyQuestion.Answer(
            System.Text.Encoding.UTF8.GetBytes("{\"policies\":" + policies + ",\"metadata\":" + metadata + "}"), operators));
    }

    [Fact]
    public void The_steps_say_what_each_operator_did()
    {
        var answer = PolicyQuestion.Resolve(
            [JsonElement.Parse("""{"p":{"superset_of":["b"],"subset_of":["a","b"],"add":["a"]}}""")], JsonElement.Parse("""{"p":["c"]}"""), PolicyOperators.Standard);

        Assert.Equal(["add", "subset_of", "superset_of"], answer.Steps.Select(step => step.Operator));
        Assert.Equal("""["c"]""", answer.Steps[0].Before.ToString());
        Assert.Equal("""["c","a"]""", answer.Steps[0].After.ToString());
        Assert.Equal("""["a"]""", answer.Steps[1].After.ToString());
        Assert.Equal("superset_of: a required value is missing", answer.Steps[2].Fault);
        Assert.Equal(FaultKind.InvalidMetadata, answer.Fault!.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"policies":{}}""")]
    [InlineData("""{"policies":[null],"metadata":{}}""")]
    [InlineData("""{"policies":[],"policies":[],"metadata":{}}""")]
    public void A_question_that_is_none_is_an_invalid_policy(string question) =>
        Assert.Equal("invalid_policy", Answer(question).GetProperty("error").GetString());

    [Theory]
    [InlineData("""{"policies":[]}""")]
    [InlineData("""{"policies":[],"metadata":null}""")]
    [InlineData("""{"policies":[{"p":{"value":"a"}}],"metadata":"x"}""")]
    public void A_question_without_metadata_has_invalid_metadata(string question) =>
        Assert.Equal("invalid_metadata", Answer(question).GetProperty("error").GetString());

    [Fact]
    public void Without_policies_the_metadata_stay_as_they_are() =>
        Same("""{"merged":{},"resolved":{"p":1}}""", Answer("""{"policies":[],"metadata":{"p":1}}"""));

    /// <summary>Equal as JSON values, whatever their text: by their hash first, so that long lists stay cheap.</summary>
    [Theory]
    [InlineData("[1]", "[1.0]", "[1.0]")]
    [InlineData("[0]", "[-0.0]", "[-0.0]")]
    [InlineData("[100]", "[1e2]", "[1e2]")]
    [InlineData("""[{"a":1,"b":[{"c":"x","d":2}]}]""", """[{"b":[{"d":2.0,"c":"\u0078"}],"a":1}]""", """[{"b":[{"d":2.0,"c":"x"}],"a":1}]""")]
    [InlineData("""[{"a":1}]""", """[{"a":2}]""", "[]")]
    [InlineData("""[{"a":[1,2]}]""", """[{"a":[2,1]}]""", "[]")]
    public void Values_are_equal_by_what_they_mean(string operand, string parameter, string expected) =>
        Same("{\"p\":" + expected + "}", Answer(Question(["{\"p\":{\"subset_of\":" + operand + "}}"], "{\"p\":" + parameter + "}")).GetProperty("resolved"));

    [Fact]
    public void Lists_as_long_as_a_statement_are_compared()
    {
        var many = "[" + string.Join(',', Enumerable.Range(0, 60_000)) + "]";
        var odd = "[" + string.Join(',', Enumerable.Range(0, 60_000).Where(i => i % 2 == 1)) + "]";

        var answer = Answer(Question(["{\"p\":{\"subset_of\":" + many + ",\"superset_of\":" + odd + "}}"], "{\"p\":" + many + "}"));

        Assert.Equal(60_000, answer.GetProperty("resolved").GetProperty("p").GetArrayLength());
    }

    /// <summary>Checks, so it comes before essential; merges to the longer of two prefixes.</summary>
    private sealed class PrefixOperator : AdditionalOperator
    {
        public override string Name => "starts_with";

        public override bool Modifies => false;

        public override string? FindDefect(JsonElement operand, IReadOnlyCollection<string> others) =>
            operand.ValueKind is not JsonValueKind.String ? "starts_with is text" : others.Contains("add") ? "starts_with does not go with add" : null;

        public override JsonElement? TryMerge(JsonElement superior, JsonElement subordinate) =>
            subordinate.GetString()!.StartsWith(superior.GetString()!, StringComparison.Ordinal) ? subordinate
                : superior.GetString()!.StartsWith(subordinate.GetString()!, StringComparison.Ordinal) ? superior
                : null;

        public override bool TryApply(JsonElement? parameter, JsonElement operand, out JsonElement? result)
        {
            result = parameter;
            return parameter is not { } present
                || (present.ValueKind is JsonValueKind.String && present.GetString()!.StartsWith(operand.GetString()!, StringComparison.Ordinal));
        }
    }
}
