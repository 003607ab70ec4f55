using System.Net;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Users;

/// <summary>People are found by the beginnings of the words of their name and address, newest first, within their tenant.</summary>
public sealed class UserSearchTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Theory]
    [InlineData("ada", "ada lovelace", "ada byron")]
    [InlineData("LOVE ada", "ada lovelace")]
    [InlineData("lovelace", "ada lovelace")]
    [InlineData("by", "ada byron")]
    [InlineData("ada.byron@find.test", "ada byron")]
    [InlineData("ada nobody")]
    [InlineData("velace")]
    public async Task Who_has_a_word_that_begins_so_is_found(string search, params string[] expected)
    {
        var (tenant, key) = await NewTenantAsync();
        foreach (var name in (string[])["grace hopper", "ada byron", "ada lovelace"])
        {
            await AddAsync(tenant, key, name);
        }

        Assert.Equal(expected, await FindAsync(tenant, key, $"search={Uri.EscapeDataString(search)}"));
    }

    [Fact]
    public async Task Pages_of_what_is_found_meet_without_gap_or_overlap()
    {
        var (tenant, key) = await NewTenantAsync();
        for (var i = 0; i < 7; i++)
        {
            await AddAsync(tenant, key, $"ada number{i}");
            await AddAsync(tenant, key, $"other number{i}");
        }

        var seen = new List<string>();
        string? before = null;
        do
        {
            var page = await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/api/v1/users?search=ada&limit=3{(before is null ? "" : $"&before={before}")}", key);
            seen.AddRange(NamesIn(page));
            before = page.Has("next") ? page["next"] : null;
        }
        while (before is not null);

        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(i => $"ada number{i}"), seen);
    }

    [Fact]
    public async Task Whoever_is_called_otherwise_is_found_by_the_new_name_only()
    {
        var (tenant, key) = await NewTenantAsync();
        var id = await AddAsync(tenant, key, "ada byron");

        await signet.CallAsync(HttpMethod.Patch, $"/t/{tenant.Slug}/api/v1/users/{id}", key, new { display_name = "grace hopper" });
        await signet.CallAsync(HttpMethod.Patch, $"/t/{tenant.Slug}/api/v1/users/{id}", key, new { display_name = "ada lovelace" });

        Assert.Equal(["ada lovelace"], await FindAsync(tenant, key, "search=lovelace"));
        Assert.Empty(await FindAsync(tenant, key, "search=hopper"));
    }

    [Fact]
    public async Task A_state_narrows_what_is_found_and_what_is_listed()
    {
        var (tenant, key) = await NewTenantAsync();
        await AddAsync(tenant, key, "ada byron");
        var id = await AddAsync(tenant, key, "ada lovelace");
        await signet.CallAsync(HttpMethod.Post, $"/t/{tenant.Slug}/api/v1/users/{id}/deactivate", key);

        Assert.Equal(["ada lovelace"], await FindAsync(tenant, key, "state=deactivated"));
        Assert.Equal(["ada lovelace"], await FindAsync(tenant, key, "state=deactivated&search=ada"));
        Assert.Equal(["ada byron"], await FindAsync(tenant, key, "state=active&search=ada"));
    }

    [Fact]
    public async Task Who_is_deleted_leaves_nothing_to_find_them_by()
    {
        var (tenant, key) = await NewTenantAsync();
        var id = await AddAsync(tenant, key, "ada lovelace");
        Assert.NotEqual(0, await TermsAsync(tenant, id));

        await signet.CallAsync(HttpMethod.Delete, $"/t/{tenant.Slug}/api/v1/users/{id}", key);

        Assert.Equal(0, await TermsAsync(tenant, id));
    }

    [Fact]
    public async Task Nobody_of_another_tenant_is_found()
    {
        var (tenant, key) = await NewTenantAsync();
        var (other, otherKey) = await NewTenantAsync();
        await AddAsync(other, otherKey, "ada lovelace");

        Assert.Empty(await FindAsync(tenant, key, "search=ada"));
        Assert.Single(await FindAsync(other, otherKey, "search=ada"));
    }

    private async Task<(Tenant Tenant, string Key)> NewTenantAsync()
    {
        var tenant = await signet.CreateTenantAsync();
        return (tenant, await signet.CreateApiKeyAsync(Role.Owner, tenant.Id));
    }

    private async Task<string> AddAsync(Tenant tenant, string key, string name)
    {
        signet.Clock.Advance(TimeSpan.FromSeconds(1));
        var added = await signet.CallAsync(
            HttpMethod.Post, $"/t/{tenant.Slug}/api/v1/users", key, new { email = $"{name.Replace(' ', '.')}@find.test", display_name = name });
        Assert.Equal(HttpStatusCode.Created, added.Status);
        return added["id"];
    }

    private async Task<List<string>> FindAsync(Tenant tenant, string key, string query) =>
        NamesIn(await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/api/v1/users?{query}", key));

    private static List<string> NamesIn(TestAnswer page) =>
        [.. page.Json.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("display_name").GetString()!)];

    private Task<long> TermsAsync(Tenant tenant, string id) =>
        signet.Database.Db(signet.Clock).InTenantAsync(tenant.Id, tx => tx.ScalarAsync<long>(
            "select count(*) from user_search_terms where tenant_id = @tenant and user_id = @id", new { tenant = tx.Tenant, id = Guid.Parse(id) }, CancellationToken.None), CancellationToken.None);
}
