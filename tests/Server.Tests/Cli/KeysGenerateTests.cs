using System.Text.Json;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Cli;

/// <summary><c>signet keys generate</c>, run unattended by other people's provisioning: files, modes and refusals must stay as they are.</summary>
public sealed class KeysGenerateTests : IDisposable
{
    private readonly string folder = Repository.NewFolder("keys");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("RS256", "RSA")]
    [InlineData("PS256", "RSA")]
    [InlineData("ES256", "EC")]
    [InlineData("ES384", "EC")]
    [InlineData("ES512", "EC")]
    [InlineData("Ed25519", "OKP")]
    [InlineData("Ed448", "OKP")]
    public async Task Each_type_makes_a_pair_whose_name_is_its_thumbprint(string type, string keyType)
    {
        var result = await GenerateAsync("--type", type);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        var (publicPath, publicJwk) = ReadPublic();
        var privateJwk = Read(Path.Combine(folder, "private.json"));
        var kid = publicJwk.GetProperty("kid").GetString()!;
        Assert.Equal($"{kid}.json", Path.GetFileName(publicPath));
        Assert.Equal(43, kid.Length);
        Assert.Equal((keyType, type, "sig"), (Text(publicJwk, "kty"), Text(publicJwk, "alg"), Text(publicJwk, "use")));
        Assert.All(publicJwk.EnumerateObject(), member => Assert.Equal(member.Value.GetString(), Text(privateJwk, member.Name)));
        Assert.True(privateJwk.TryGetProperty("d", out _));
        Assert.False(publicJwk.TryGetProperty("d", out _));
        Assert.Equal(
            [$"Generated {type} key with KID: {kid}", Path.Combine(folder, "private.json"), publicPath],
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Files_are_pretty_and_only_the_owner_reads_the_private_one()
    {
        await GenerateAsync("--type", "ES256");

        var privatePath = Path.Combine(folder, "private.json");
        var (publicPath, _) = ReadPublic();
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(privatePath));
        Assert.Equal(OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(publicPath));
        Assert.All([privatePath, publicPath], path =>
        {
            var text = File.ReadAllText(path);
            Assert.EndsWith("}\n", text, StringComparison.Ordinal);
            Assert.Contains("\n  \"kid\": ", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_type_may_be_joined_by_an_equals_sign_and_written_in_any_case() =>
        Assert.Equal(0, (await GenerateAsync("--type=es256")).ExitCode);

    [Fact]
    public async Task A_folder_that_is_not_there_is_made()
    {
        var result = await SignetProcess.RunAsync("keys", "generate", "--type", "ES256", "--output", Path.Combine(folder, "a", "b"));

        Assert.Equal(0, result.ExitCode);
        Assert.True(File.Exists(Path.Combine(folder, "a", "b", "private.json")));
    }

    [Fact]
    public async Task An_existing_private_key_is_not_overwritten()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "private.json"), "mine", TestContext.Current.CancellationToken);

        var result = await GenerateAsync("--type", "ES256");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: {Path.Combine(folder, "private.json")} already exists.", result.Errors, StringComparison.Ordinal);
        Assert.Contains("--force", result.Errors, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(folder, "private.json"), TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(Path.Combine(folder, "publickeys")));
    }

    [Fact]
    public async Task Force_overwrites_the_private_key_narrows_its_mode_and_keeps_old_public_keys()
    {
        await GenerateAsync("--type", "ES256");
        var (oldPublic, _) = ReadPublic();
        File.SetUnixFileMode(Path.Combine(folder, "private.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var result = await GenerateAsync("--type", "RS256", "--force");

        Assert.Equal(0, result.ExitCode);
        Assert.True(File.Exists(oldPublic));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder, "publickeys")).Length);
        Assert.Equal("RS256", Text(Read(Path.Combine(folder, "private.json")), "alg"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "private.json")));
    }

    [Fact]
    public async Task Of_runs_at_once_one_wins_and_its_pair_is_whole()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => GenerateAsync("--type", "ES256")));

        Assert.Single(results, result => result.ExitCode == 0);
        var (_, publicJwk) = ReadPublic();
        Assert.Equal(Text(Read(Path.Combine(folder, "private.json")), "kid"), Text(publicJwk, "kid"));
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("none")]
    [InlineData("")]
    public async Task A_type_that_signs_nothing_of_ours_is_refused(string type)
    {
        var result = await GenerateAsync("--type", type);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("--type", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private Task<SignetProcess.Result> GenerateAsync(params string[] arguments) =>
        SignetProcess.RunAsync(["keys", "generate", .. arguments, "--output", folder]);

    private (string Path, JsonElement Jwk) ReadPublic()
    {
        var path = Assert.Single(Directory.GetFiles(Path.Combine(folder, "publickeys")));
        return (path, Read(path));
    }

    private static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;

    private static string? Text(JsonElement jwk, string member) => jwk.GetProperty(member).GetString();
}
