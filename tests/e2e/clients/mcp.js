// The authorization of MCP's own library against a running Signet: it knows an address and a credential, and finds the rest from the first 401.
import assert from "node:assert/strict";
import { auth, discoverOAuthServerInfo, extractWWWAuthenticateParams } from "@modelcontextprotocol/sdk/client/auth.js";
import { ClientCredentialsProvider } from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import { show } from "../report.js";

const { SIGNET, SIGNET_KEY } = process.env;
const resource = `${SIGNET}/api/v1/agents`;
let client;
let challenge;
let provider;

const post = async (path, body) => {
  const answer = await fetch(`${SIGNET}/api/v1${path}`, {
    method: "POST", headers: { Authorization: `Bearer ${SIGNET_KEY}`, "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
};

await show("mcp", {
  async "an agent with a secret"() {
    const { agentId } = await post("/agents", {
      email: `mcp-${process.pid}@example.com`, agentType: "custom", version: "1.0.0", capabilities: ["agents:read"], deploymentEnv: "production",
      scopes: ["agents:read", "agents:write"],
    });
    client = { clientId: agentId, clientSecret: (await post(`/agents/${agentId}/credentials`, {})).clientSecret };
  },
  async "the refusal names the metadata and the scope"() {
    const refused = await fetch(resource);
    assert.equal(refused.status, 401);
    challenge = extractWWWAuthenticateParams(refused);
    assert.equal(challenge.resourceMetadataUrl.href, `${SIGNET}/.well-known/oauth-protected-resource/api/v1`);
    assert.equal(challenge.scope, "agents:read");
  },
  async "the metadata names the authorization server"() {
    const info = await discoverOAuthServerInfo(resource, { resourceMetadataUrl: challenge.resourceMetadataUrl });
    assert.equal(info.resourceMetadata.resource, `${SIGNET}/api/v1`);
    assert.equal(info.authorizationServerMetadata.issuer, SIGNET);
  },
  async "the library gets a token for the resource"() {
    provider = new ClientCredentialsProvider({ ...client, scope: challenge.scope, expectedIssuer: SIGNET });
    assert.equal(await auth(provider, { serverUrl: resource, resourceMetadataUrl: challenge.resourceMetadataUrl }), "AUTHORIZED");
    const claims = JSON.parse(Buffer.from(provider.tokens().access_token.split(".")[1], "base64url"));
    assert.equal(claims.aud, `${SIGNET}/api/v1`);
    assert.equal(claims.scope, "agents:read");
  },
  async "the call is accepted"() {
    const answer = await fetch(resource, { headers: { Authorization: `Bearer ${provider.tokens().access_token}` } });
    assert.equal(answer.status, 200);
  },
  async "a call that needs more is told what"() {
    const answer = await fetch(`${resource}/${client.clientId}`, { method: "DELETE", headers: { Authorization: `Bearer ${provider.tokens().access_token}` } });
    assert.equal(answer.status, 403);
    assert.deepEqual(
      [extractWWWAuthenticateParams(answer).error, extractWWWAuthenticateParams(answer).scope], ["insufficient_scope", "agents:admin"]);
  },
});
