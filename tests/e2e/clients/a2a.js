// A2A's own library against a running Signet: an agent's card is found where the library looks, is read by its schema, and its signature holds.
import assert from "node:assert/strict";
import { canonicalizeAgentCard, verifyAgentCardSignature } from "@a2a-js/sdk";
import { DefaultAgentCardResolver } from "@a2a-js/sdk/client";
import { createRemoteJWKSet } from "jose";
import { show } from "../report.js";

const { SIGNET, SIGNET_KEY } = process.env;
let agent;
let raw;

const call = async (method, path, body) => {
  const answer = await fetch(`${SIGNET}/api/v1${path}`, {
    method, headers: { Authorization: `Bearer ${SIGNET_KEY}`, "Content-Type": "application/json" }, body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
};

const address = () => `${SIGNET}/agents/${agent}/.well-known/agent-card.json`;

const verify = () => {
  const keys = createRemoteJWKSet(new URL(`${SIGNET}/oauth2/jwks`));
  return verifyAgentCardSignature((kid, jku) => {
    assert.equal(jku, `${SIGNET}/oauth2/jwks`);
    return keys({ alg: "ES256", kid });
  });
};

await show("a2a", {
  async "publish a card"() {
    agent = (await call("POST", "/agents", {
      email: `a2a-${process.pid}@example.com`, agentType: "screener", version: "1.0.0", capabilities: ["resume:read"], deploymentEnv: "production",
    })).agentId;
    const card = await call("PUT", `/agents/${agent}/card`, {
      published: true, name: "Résumé screener", description: "Reads résumés\nand sorts them.", scopes: ["resume:read"],
      supportedInterfaces: [{ url: "https://screener.example.com/a2a" }, { url: "https://screener.example.com/grpc", protocolBinding: "GRPC" }],
      provider: { organization: "Acme", url: "https://acme.example.com/" }, documentationUrl: "https://acme.example.com/docs",
      capabilities: { streaming: true },
      skills: [{ id: "screen", name: "Screen", description: "Screens one résumé.", tags: ["hr"], examples: ["Screen this."] }],
    });
    assert.equal(card.served, true);
  },
  async "the library finds it by the agent's address"() {
    const card = await new DefaultAgentCardResolver().resolve(`${SIGNET}/agents/${agent}/`, ".well-known/agent-card.json");
    assert.equal(card.name, "Résumé screener");
    assert.deepEqual(card.supportedInterfaces.map((one) => one.protocolBinding), ["JSONRPC", "GRPC"]);
    assert.equal(card.skills[0].examples[0], "Screen this.");
  },
  async "its signature holds"() {
    raw = await (await fetch(address())).json();
    await verify()(raw);
  },
  async "all of it is signed, the way in too"() {
    const { signatures, ...rest } = raw;
    assert.deepEqual(JSON.parse(canonicalizeAgentCard(raw)), rest);
    const forged = structuredClone(raw);
    forged.securitySchemes.signet.oauth2SecurityScheme.flows.clientCredentials.tokenUrl = "https://mallory.example/token";
    // The library says aloud what did not hold, which is what is wanted here.
    console.debug = () => {};
    await assert.rejects(verify()(forged));
  },
  async "a suspended agent has none"() {
    await call("PATCH", `/agents/${agent}`, { status: "suspended" });
    assert.equal((await fetch(address())).status, 404);
  },
});
