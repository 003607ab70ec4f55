using Signet.Server.Policy;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Policy;

/// <summary>A policy folder is read whole or refused, by the name of what is wrong.</summary>
public sealed class PolicyFolderTests : IDisposable
{
    private readonly string folder = Repository.NewFolder("policy");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_good_folder_is_read()
    {
        Write(DecisionTable.Policy);

        var read = Assert.IsType<PolicyFolder.Valid>(ReadPolicyFolder.Run(folder));

        Assert.Equal(12, read.Engine.Rules.Count);
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("[]", "is to be one object")]
    [InlineData("{}", "with 1 to")]
    [InlineData("""{"GET /a": ["x"], "GET /a": []}""", "without repetitions")]
    [InlineData("""{"GET /a": ["x"] """, "is not JSON")]
    [InlineData("""{"GET /a": "x"}""", "\"GET /a\" is to ask for a list of scopes")]
    [InlineData("""{"GET /a": [7]}""", "is to ask for a list of scopes")]
    [InlineData("""{"GET /a": null}""", "is to ask for a list of scopes")]
    [InlineData("""{"GET /a": ["x y"]}""", "is to ask for a list of at most 20 scopes")]
    [InlineData("""{"GET": []}""", "is to be a method, one space and a path")]
    [InlineData("""{"GET  /a": []}""", "is to be a method, one space and a path")]
    [InlineData("""{"get /a": []}""", "capitals")]
    [InlineData("""{"G@T /a": []}""", "begins with no method")]
    [InlineData("""{"GET /a/": []}""", "has a path that is none")]
    [InlineData("""{"GET /a/../b": []}""", "has a path that is none")]
    [InlineData("""{"GET /a/{id}.json": []}""", "has a path that is none")]
    [InlineData("""{"GET /a/{}": []}""", "has a path that is none")]
    [InlineData("""{"GET /a/{*rest}": []}""", "has a path that is none")]
    [InlineData("""{"GET /a?x=1": []}""", "has a path that is none")]
    [InlineData("""{"GET /a/{id}": ["x"], "GET /a/{name}": []}""", "two rules for the same paths")]
    [InlineData("""{"GET /a/\ud800": []}""", "no Unicode")]
    public void One_fault_refuses_all_of_it(string json, string said)
    {
        Write(json);

        var refused = Assert.IsType<PolicyFolder.Invalid>(ReadPolicyFolder.Run(folder));

        Assert.Contains("data/scopes.json", refused.Fault, StringComparison.Ordinal);
        Assert.Contains(said, refused.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_larger_than_a_mebibyte_is_not_read()
    {
        Write($"{DecisionTable.Policy}{new string(' ', 1024 * 1024)}");

        Assert.Contains("larger than 1 MiB", Assert.IsType<PolicyFolder.Invalid>(ReadPolicyFolder.Run(folder)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_or_has_no_rules_is_refused()
    {
        Assert.Contains("is not there", Assert.IsType<PolicyFolder.Invalid>(ReadPolicyFolder.Run(Path.Combine(folder, "none"))).Fault, StringComparison.Ordinal);
        Assert.Contains("holds no data/scopes.json", Assert.IsType<PolicyFolder.Invalid>(ReadPolicyFolder.Run(folder)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compiled_policy_is_refused_even_beside_good_rules_and_says_what_to_do()
    {
        Write(DecisionTable.Policy);
        File.WriteAllText(Path.Combine(folder, "authz.wasm"), "\0asm");

        var refused = Assert.IsType<PolicyFolder.Invalid>(ReadPolicyFolder.Run(folder));

        Assert.Contains("authz.wasm", refused.Fault, StringComparison.Ordinal);
        Assert.Contains("OPA_URL", refused.Fault, StringComparison.Ordinal);
        Assert.Contains("data/scopes.json", refused.Fault, StringComparison.Ordinal);
    }

    private void Write(string json)
    {
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        File.WriteAllText(Path.Combine(folder, "data", "scopes.json"), json);
    }
}
