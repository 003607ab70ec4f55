// Two agents: a planner, which hands part of its right to a worker, and is stopped. What the worker got dies with it.
// SIGNET=http://localhost:8080 SIGNET_KEY=sgt_ak_… node samples/agent.js
import assert from "node:assert/strict";
import { SignetClient, SignetError, TokenSource } from "@signet/client";

const { SIGNET: origin, SIGNET_KEY: key } = process.env;
if (!origin || !key) {
  console.error("SIGNET is to be the server's address, SIGNET_KEY an API key that may manage agents.");
  process.exit(2);
}

const admin = SignetClient.withKey(origin, key);
const run = crypto.randomUUID().slice(0, 8);

async function register(name, agentType, scopes) {
  const agent = await admin.agents.register({
    email: `${name}-${run}@example.com`, agentType, version: "1.0.0", capabilities: ["mail:read"], deploymentEnv: "development", scopes,
  });
  const { clientSecret } = await admin.credentials.generate(agent.agentId);
  return { agentId: agent.agentId, value: clientSecret };
}

const planner = await register("planner", "orchestrator", ["mail:read", "mail:send"]);
const worker = await register("worker", "custom", ["mail:read"]);
console.log(`registered ${planner.agentId} and ${worker.agentId}`);

const plannerTokens = new TokenSource(origin, planner);
const asPlanner = SignetClient.asAgent(origin, planner, plannerTokens);
const asWorker = SignetClient.asAgent(origin, worker);

const offer = await asPlanner.tokens.delegate(worker.agentId, ["mail:read"], 600);
const acting = await asWorker.tokens.acceptDelegation(offer.delegationToken);
const seen = await asWorker.tokens.introspect(acting.access_token);
assert.equal(seen.sub, planner.agentId);
assert.equal(seen.act.sub, worker.agentId);
console.log(`the worker acts for ${seen.sub} with ${seen.scope}`);

await admin.agents.suspend(planner.agentId);
assert.equal((await asWorker.tokens.introspect(acting.access_token)).active, false);
plannerTokens.forget();
await assert.rejects(plannerTokens.get(), (refusal) => refusal instanceof SignetError && refusal.code === "invalid_client" && refusal.httpStatus === 401);
console.log("the planner is stopped, and the worker's token with it");

for (const event of (await admin.audit.list({ agentId: planner.agentId, limit: 5 })).entries) {
  console.log(`${event.timestamp} ${event.action} ${event.outcome}`);
}

await admin.agents.decommission(planner.agentId);
await admin.agents.decommission(worker.agentId);
await assert.rejects(admin.agents.get(crypto.randomUUID()), (refusal) => refusal instanceof SignetError && refusal.code === "AGENT_NOT_FOUND");
