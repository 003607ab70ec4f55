// The oauth4webapi library against a running Signet: the same path with every check of the library's own spelt out.
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import { Browser, authorize } from "../browser.js";
import { show } from "../report.js";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, EMAIL, PASSWORD, CALLBACK } = process.env;
const insecure = { [oauth.allowInsecureRequests]: true };
const client = { client_id: CLIENT_ID };
const auth = oauth.ClientSecretBasic(CLIENT_SECRET);
const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const nonce = oauth.generateRandomNonce();
let server;
let called;
let tokens;
let claims;

const introspect = async (token) =>
  oauth.processIntrospectionResponse(server, client, await oauth.introspectionRequest(server, client, auth, token, insecure));

const refresh = async (token) =>
  oauth.processRefreshTokenResponse(server, client, await oauth.refreshTokenGrantRequest(server, client, auth, token, insecure));

await show("oauth4webapi", {
  async discovery() {
    const issuer = new URL(ISSUER);
    server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
    const same = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...insecure, algorithm: "oauth2" }));
    assert.equal(same.token_endpoint, server.token_endpoint);
    assert.equal(server.authorization_response_iss_parameter_supported, true);
  },
  async "code with PKCE through the sign-in form"() {
    const url = new URL(server.authorization_endpoint);
    url.search = new URLSearchParams({
      client_id: CLIENT_ID, redirect_uri: CALLBACK, response_type: "code", scope: "openid email offline_access", state, nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", prompt: "consent",
    });
    called = await authorize(new Browser(), url, { email: EMAIL, password: PASSWORD, callback: CALLBACK });
  },
  async "ID token with its signature"() {
    const parameters = oauth.validateAuthResponse(server, client, called, state);
    const response = await oauth.authorizationCodeGrantRequest(server, client, auth, parameters, CALLBACK, verifier, insecure);
    tokens = await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true });
    await oauth.validateApplicationLevelSignature(server, response, insecure);
    claims = oauth.getValidatedIdTokenClaims(tokens);
    assert.equal(claims.aud, CLIENT_ID);
  },
  async "access token (RFC 9068)"() {
    const request = new Request("http://localhost:9799/api", { headers: { authorization: `Bearer ${tokens.access_token}` } });
    const { aud } = JSON.parse(Buffer.from(tokens.access_token.split(".")[1], "base64url"));
    const seen = await oauth.validateJwtAccessToken(server, request, Array.isArray(aud) ? aud[0] : aud, insecure);
    assert.equal(seen.sub, claims.sub);
  },
  async userinfo() {
    const response = await oauth.userInfoRequest(server, client, tokens.access_token, insecure);
    assert.equal((await oauth.processUserInfoResponse(server, client, claims.sub, response)).email, EMAIL);
  },
  async refresh() {
    const before = tokens.refresh_token;
    tokens = await refresh(before);
    assert.notEqual(tokens.refresh_token, before);
  },
  async introspection() {
    const seen = await introspect(tokens.access_token);
    assert.equal(seen.active, true);
    assert.equal(seen.sub, claims.sub);
  },
  async revocation() {
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, auth, tokens.access_token, insecure));
    assert.equal((await introspect(tokens.access_token)).active, false);
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, auth, tokens.refresh_token, insecure));
    await assert.rejects(refresh(tokens.refresh_token), { error: "invalid_grant" });
  },
  async "client_credentials"() {
    const response = await oauth.clientCredentialsGrantRequest(server, client, auth, new URLSearchParams(), insecure);
    const own = await oauth.processClientCredentialsResponse(server, client, response);
    assert.equal((await introspect(own.access_token)).active, true);
  },
  async "a wrong secret is refused"() {
    const response = await oauth.clientCredentialsGrantRequest(server, client, oauth.ClientSecretBasic("wrong"), new URLSearchParams(), insecure);
    await assert.rejects(oauth.processClientCredentialsResponse(server, client, response), (error) => error.status === 401 || error.error === "invalid_client" || error.code === "OAUTH_WWW_AUTHENTICATE_CHALLENGE");
  },
});
