using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>What a rotation leaves in Vault, and which version holds on which node.</summary>
public sealed class VaultRotationTests : VaultEstate
{
    [Fact]
    public async Task Rotating_writes_a_new_version_on_the_same_path_and_ends_the_old_one()
    {
        var (agent, credential, old) = await MakeAsync();
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, old)).Status);

        var next = await RotateAsync(agent, credential);

        Assert.Equal([old, next], Vault.VersionsOf(agent, credential));
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(Signet, agent, old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, next)).Status);
    }

    [Fact]
    public async Task The_old_version_holds_for_the_grace_that_was_given_and_no_longer()
    {
        var (agent, credential, old) = await MakeAsync();
        var next = await RotateAsync(agent, credential, graceSeconds: 3600);

        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, next)).Status);
        await Signet.AdvanceAsync(TimeSpan.FromSeconds(3601));

        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(Signet, agent, old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, next)).Status);
    }

    [Fact]
    public async Task A_copy_outlives_neither_rotation_nor_revocation_on_another_node()
    {
        await using var second = await Signet.StartNodeAsync();
        var (agent, credential, old) = await MakeAsync();
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(second, agent, old)).Status);

        var next = await RotateAsync(agent, credential);
        // The other node hears of it by the news of its commit; the clock stands still, so no copy ends of age.
        await Until.TrueAsync(async () => (await TokenAsync(second, agent, old)).Status is HttpStatusCode.Unauthorized, Ct);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(second, agent, next)).Status);
        await RevokeAsync(agent, credential);

        await Until.TrueAsync(async () => (await TokenAsync(second, agent, next)).Status is HttpStatusCode.Unauthorized, Ct);
    }

    [Fact]
    public async Task Of_sixteen_rotations_at_once_one_secret_holds()
    {
        var (agent, credential, _) = await MakeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            Signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", Desk.ApiKey)));

        Assert.All(answers, answer => Assert.True(
            answer.Status is HttpStatusCode.OK || answer["code"] == "AGENTS_ROTATED_MEANWHILE", answer.Text));
        Assert.Equal(17, Vault.VersionsOf(agent, credential).Count);
        Assert.Equal(["17"], await RowsAsync(credential, "vault_version"));
        var good = new List<string>();
        foreach (var secret in answers.Where(answer => answer.Status is HttpStatusCode.OK).Select(answer => answer["clientSecret"]))
        {
            if ((await TokenAsync(Signet, agent, secret)).Status is HttpStatusCode.OK)
            {
                good.Add(secret);
            }
        }

        Assert.Equal([Vault.VersionsOf(agent, credential)[^1]], good);
    }

    [Fact]
    public async Task A_rotation_that_comes_late_says_that_its_secret_was_not_set()
    {
        var (agent, credential, _) = await MakeAsync();
        string? won = null;
        // While the first has its version and no commit yet, a second runs through.
        Vault.OnWrite = async () =>
        {
            Vault.OnWrite = null;
            won = await RotateAsync(agent, credential);
        };

        var late = await Signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", Desk.ApiKey);

        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_ROTATED_MEANWHILE"), (late.Status, late["code"]));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, won!)).Status);
    }

    [Fact]
    public async Task Rotating_moves_a_secret_that_was_kept_here_into_Vault()
    {
        var agent = await Desk.RegisterAsync();
        var old = await MakeKeptHereAsync(agent);
        var credential = (await ListAsync(agent)).Single();

        var next = await RotateAsync(agent, credential, graceSeconds: 60);

        Assert.Equal([next], Vault.VersionsOf(agent, credential));
        Assert.Equal(["True False"], await RowsAsync(credential, "hash is null, previous_hash is null"));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, next)).Status);
        await Signet.AdvanceAsync(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(Signet, agent, old)).Status);
    }
}
