using Microsoft.Playwright;
using Xunit;

namespace Browser.Tests;

/// <summary>An action that waits for a person's word, on a phone and on a desk, in both schemes; then the same seen by an administrator.</summary>
public sealed class ApprovalTests(RunningSignet signet)
{
    private const string AskThroughTheApi = """
        async () => {
          const token = document.querySelector("form input[type=hidden]").value;
          const post = async (path, body) => (await fetch("/api/v1/" + path, {
            method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": token }, body: JSON.stringify(body) })).json();
          const agent = await post("agents", {
            email: `payer-${crypto.randomUUID()}@agents.example`, agentType: "custom", version: "1.0.0", description: "Pays what the team ordered.",
            capabilities: ["bills:pay"], deploymentEnv: "production", scopes: ["bills:read", "bills:pay"], approvalScopes: ["bills:pay"] });
          const credential = await post(`agents/${agent.agentId}/credentials`, {});
          const details = [{ type: "payment_initiation", instructedAmount: { currency: "EUR", amount: "123.50" }, creditorName: "Merchant A",
            creditorAccount: { iban: "DE02100100109307118603" }, actions: ["initiate", "status"] }];
          const asked = await fetch("/oauth2/bc-authorize", {
            method: "POST", credentials: "omit", headers: { "Authorization": "Basic " + btoa(`${agent.agentId}:${credential.clientSecret}`) },
            body: new URLSearchParams({ scope: "openid bills:pay", binding_message: "Order 4711", authorization_details: JSON.stringify(details) }) });
          return asked.status;
        }
        """;

    private static readonly string Look = File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "look.js"));

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 320)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_person_reads_allows_and_withdraws(ColorScheme scheme, int width)
    {
        await using var page = await signet.ArriveAsync("approver", scheme, width);
        Assert.Equal(200, await page.Page.EvaluateAsync<int>(AskThroughTheApi));

        await page.GoAsync("/account/approvals");
        var faults = await page.Page.EvaluateAsync<string[]>(Look);
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Look" }).ClickAsync();
        await page.Page.GetByText("Order 4711").WaitForAsync();
        faults = [.. faults, .. await page.Page.EvaluateAsync<string[]>(Look)];
        await page.PressAsync("Allow");
        await page.ArriveAtAsync("/account/approvals?done=allowed");
        faults = [.. faults, .. await page.Page.EvaluateAsync<string[]>(Look)];
        await page.GoAsync("/console/approvals");
        faults = [.. faults, .. await page.Page.EvaluateAsync<string[]>(Look)];
        await page.GoAsync("/account/approvals");
        await page.PressAsync("Withdraw");
        await page.ArriveAtAsync("/account/approvals?done=withdrawn");

        Assert.Empty(faults);
        Assert.Equal(0, await page.Page.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).CountAsync());
        page.AssertQuiet();
    }
}
