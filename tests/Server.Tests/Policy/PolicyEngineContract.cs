using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Server.Policy;
using Xunit;

namespace Server.Tests.Policy;

/// <summary>What both engines promise: the decisions of one table.</summary>
public abstract class PolicyEngineContract
{
    public static TheoryData<Decided> Table => [.. DecisionTable.Rows];

    internal abstract IPolicyEngine Engine { get; }

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public async Task A12_It_decides_as_the_table_says(Decided row)
    {
        var decision = await Engine.DecideAsync(row.Input, TestContext.Current.CancellationToken);

        Assert.Null(row.Input.Fault);
        Assert.Equal(row.Reason is null ? new PolicyDecision.Allowed() : new PolicyDecision.Denied(row.Reason), decision);
    }
}

public sealed class ScopesEngineTests : PolicyEngineContract
{
    internal override IPolicyEngine Engine { get; } = DecisionTable.Engine;

    [Fact]
    public async Task A12_A_denial_on_our_own_api_is_a_403_that_says_why()
    {
        var denied = Assert.IsType<PolicyDecision.Denied>(await Engine.DecideAsync(new PolicyInput("POST", "/agents", [], null), TestContext.Current.CancellationToken));
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };

        await PolicyProblems.Denied(denied.Reason).ExecuteAsync(context);

        context.Response.Body.Position = 0;
        var body = await JsonDocument.ParseAsync(context.Response.Body, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((403, "application/problem+json"), (context.Response.StatusCode, context.Response.ContentType));
        Assert.Equal("policy.denied", body.RootElement.GetProperty("code").GetString());
        Assert.Equal("insufficient_scope: agents:read agents:write", body.RootElement.GetProperty("detail").GetString());
    }
}

public sealed class OpaEngineTests : PolicyEngineContract, IAsyncLifetime
{
    private TableOpa opa = null!;
    private OpaEngine engine = null!;

    internal override IPolicyEngine Engine => engine;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        opa = await TableOpa.StartAsync();
        engine = new OpaEngine(opa.Url, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        engine.Dispose();
        await opa.DisposeAsync();
    }

    [Theory]
    [InlineData(200, "{}")]
    [InlineData(200, """{"result":{}}""")]
    [InlineData(200, """{"result":true}""")]
    [InlineData(200, """{"result":{"allow":"true"}}""")]
    [InlineData(200, """{"result":{"allow":1}}""")]
    [InlineData(200, """{"result":{"allow":null}}""")]
    [InlineData(200, """{"result":{"allow":false,"allow":true}}""")]
    [InlineData(200, """{"result":{"allow":true},"result":{"allow":true}}""")]
    [InlineData(200, """[{"result":{"allow":true}}]""")]
    [InlineData(200, """{"result":{"allow":true}""")]
    [InlineData(200, "")]
    [InlineData(201, """{"result":{"allow":true}}""")]
    [InlineData(302, """{"result":{"allow":true}}""")]
    [InlineData(401, """{"result":{"allow":true}}""")]
    [InlineData(500, """{"result":{"allow":true}}""")]
    public async Task What_is_no_clear_answer_denies(int status, string body)
    {
        await using var other = await TableOpa.StartAsync(status, body);
        using var asking = new OpaEngine(other.Url, NullLogger.Instance);

        Assert.Equal(new PolicyDecision.Denied("engine_unavailable"), await asking.DecideAsync(DecisionTable.Rows[0].Input, Ct));
    }

    [Fact]
    public async Task The_same_with_a_clear_answer_allows()
    {
        await using var other = await TableOpa.StartAsync(200, """{"decision_id":"1","result":{"allow":true,"helper":["x"]}}""");
        using var asking = new OpaEngine(other.Url, NullLogger.Instance);

        Assert.IsType<PolicyDecision.Allowed>(await asking.DecideAsync(DecisionTable.Rows[0].Input, Ct));
    }

    [Fact]
    public async Task An_opa_that_is_away_denies()
    {
        var gone = await TableOpa.StartAsync();
        using var asking = new OpaEngine(gone.Url, NullLogger.Instance);
        await gone.DisposeAsync();

        Assert.Equal(new PolicyDecision.Denied("engine_unavailable"), await asking.DecideAsync(DecisionTable.Rows[0].Input, Ct));
    }

    [Fact]
    public async Task An_opa_that_does_not_answer_denies()
    {
        await using var silent = await TableOpa.StartAsync(async context =>
        {
            var gone = new TaskCompletionSource();
            await using var end = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        });
        using var asking = new OpaEngine(silent.Url, NullLogger.Instance);

        Assert.Equal(new PolicyDecision.Denied("engine_unavailable"), await asking.DecideAsync(DecisionTable.Rows[0].Input, Ct));
    }

    [Fact]
    public async Task An_answer_without_end_denies()
    {
        await using var endless = await TableOpa.StartAsync(200, $$$"""{"result":{"allow":true},"more":"{{{new string('x', 70_000)}}}"}""");
        using var asking = new OpaEngine(endless.Url, NullLogger.Instance);

        Assert.Equal(new PolicyDecision.Denied("engine_unavailable"), await asking.DecideAsync(DecisionTable.Rows[0].Input, Ct));
    }

    [Theory]
    [InlineData("""{"allow":false}""", "denied")]
    [InlineData("""{"allow":false,"reason":7}""", "denied")]
    [InlineData("""{"allow":false,"reason":"  "}""", "denied")]
    [InlineData("""{"allow":false,"reason":"not\r\non \u0000Sundays"}""", "noton Sundays")]
    public async Task The_reason_is_the_policys_own_as_far_as_it_is_plain_text(string result, string reason)
    {
        await using var other = await TableOpa.StartAsync(200, $$"""{"result":{{result}}}""");
        using var asking = new OpaEngine(other.Url, NullLogger.Instance);

        Assert.Equal(new PolicyDecision.Denied(reason), await asking.DecideAsync(DecisionTable.Rows[0].Input, Ct));
    }

    [Fact]
    public async Task A_long_reason_is_cut()
    {
        await using var other = await TableOpa.StartAsync(200, $$$"""{"result":{"allow":false,"reason":"{{{new string('x', 500)}}}"}}""");
        using var asking = new OpaEngine(other.Url, NullLogger.Instance);

        Assert.Equal(200, Assert.IsType<PolicyDecision.Denied>(await asking.DecideAsync(DecisionTable.Rows[0].Input, Ct)).Reason.Length);
    }
}
