using System.Text;
using System.Text.Json;
using Signet.OpenIdFederation.Policy;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>The public test vectors of metadata policy, where they lie beside the checkout, and those the specification's text gives.</summary>
public sealed class PolicyVectorTests
{
    [Fact]
    public void Every_public_vector_ends_as_it_says()
    {
        List<string> wrong = [];
        var cases = 0;
        foreach (var vector in Jose.Vectors.MetadataPolicy())
        {
            cases++;
            var answer = Answer(Question([vector.GetProperty("TA").GetRawText(), vector.GetProperty("INT").GetRawText()], vector.GetProperty("metadata").GetRawText()));
            if (Compare(vector, answer) is { } difference)
            {
                wrong.Add($"{vector.GetProperty("n")}: {difference}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(673, cases);
    }

    /// <summary>OIDFed §6.1.3.1.8: the table of essential with subset_of.</summary>
    [Theory]
    [InlineData("true", """["a","e"]""", """["a"]""")]
    [InlineData("false", """["a","e"]""", """["a"]""")]
    [InlineData("true", """["d","e"]""", "[]")]
    [InlineData("false", """["d","e"]""", "[]")]
    [InlineData("true", null, "error")]
    [InlineData("false", null, null)]
    public void Essential_with_subset_of_gives_what_the_table_says(string essential, string? input, string? output)
    {
        var metadata = input is null ? "{}" : "{\"p\":" + input + "}";

        var answer = Answer(Question(["""{"p":{"essential":""" + essential + ""","subset_of":["a","b","c"]}}"""], metadata));

        if (output is "error")
        {
            Assert.Equal("invalid_metadata", answer.GetProperty("error").GetString());
        }
        else
        {
            Same(output is null ? "{}" : "{\"p\":" + output + "}", answer.GetProperty("resolved"));
        }
    }

    /// <summary>OIDFed §6.1.5: the whole example, with the metadata of the immediate superior set before.</summary>
    [Fact]
    public void The_example_of_the_specification_resolves_as_it_says()
    {
        var answer = Answer("""
            {"policies":[
              {"grant_types":{"default":["authorization_code"],"subset_of":["authorization_code","refresh_token"],"superset_of":["authorization_code"]},
               "token_endpoint_auth_method":{"one_of":["private_key_jwt","self_signed_tls_client_auth"],"essential":true},
               "token_endpoint_auth_signing_alg":{"one_of":["PS256","ES256"]},
               "subject_type":{"value":"pairwise"},
               "contacts":{"add":["helpdesk@federation.example.org"]}},
              {"grant_types":{"subset_of":["authorization_code"]},
               "token_endpoint_auth_method":{"one_of":["self_signed_tls_client_auth"]},
               "contacts":{"add":["helpdesk@org.example.org"]}}],
             "metadata":{"redirect_uris":["https://rp.example.org/callback"],"response_types":["code"],
               "token_endpoint_auth_method":"self_signed_tls_client_auth","contacts":["rp_admins@rp.example.org"],
               "sector_identifier_uri":"https://org.example.org/sector-ids.json","policy_uri":"https://org.example.org/policy.html"}}
            """);

        Same("""
            {"grant_types":{"default":["authorization_code"],"superset_of":["authorization_code"],"subset_of":["authorization_code"]},
             "token_endpoint_auth_method":{"one_of":["self_signed_tls_client_auth"],"essential":true},
             "token_endpoint_auth_signing_alg":{"one_of":["PS256","ES256"]},
             "subject_type":{"value":"pairwise"},
             "contacts":{"add":["helpdesk@federation.example.org","helpdesk@org.example.org"]}}
            """, answer.GetProperty("merged"));
        Same("""
            {"redirect_uris":["https://rp.example.org/callback"],"grant_types":["authorization_code"],"response_types":["code"],
             "token_endpoint_auth_method":"self_signed_tls_client_auth","subject_type":"pairwise",
             "sector_identifier_uri":"https://org.example.org/sector-ids.json","policy_uri":"https://org.example.org/policy.html",
             "contacts":["rp_admins@rp.example.org","helpdesk@federation.example.org","helpdesk@org.example.org"]}
            """, answer.GetProperty("resolved"));
    }

    internal static string Question(string[] policies, string metadata) =>
        "{\"policies\":[" + string.Join(',', policies) + "],\"metadata\":" + metadata + "}";

    internal static JsonElement Answer(string question) =>
        JsonElement.Parse(Encoding.UTF8.GetString(PolicyQuestion.Answer(Encoding.UTF8.GetBytes(question))));

    internal static void Same(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"expected {expected}, got {actual}");

    private static string? Compare(JsonElement vector, JsonElement answer)
    {
        if (vector.TryGetProperty("error", out var error))
        {
            return answer.TryGetProperty("error", out var got) && got.GetString() == error.GetString() && answer.GetProperty("detail").GetString()!.Length > 0
                ? null
                : $"expected {error}, got {answer}";
        }

        return answer.TryGetProperty("merged", out var merged) && JsonElement.DeepEquals(merged, vector.GetProperty("merged"))
            && JsonElement.DeepEquals(answer.GetProperty("resolved"), vector.GetProperty("resolved"))
                ? null
                : $"got {answer}";
    }
}
