// The openid-client library against a running Signet, with nothing told to it but the issuer and the registered application.
import assert from "node:assert/strict";
import * as client from "openid-client";
import { Browser, authorize } from "../browser.js";
import { show } from "../report.js";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, EMAIL, PASSWORD, CALLBACK } = process.env;
const browser = new Browser();
const state = client.randomState();
const nonce = client.randomNonce();
const verifier = client.randomPKCECodeVerifier();
let config;
let called;
let tokens;
let refreshed;

await show("openid-client", {
  async discovery() {
    config = await client.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined, { execute: [client.allowInsecureRequests] });
    assert.equal(config.serverMetadata().issuer, ISSUER);
  },
  async "code with PKCE through the sign-in form"() {
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: "openid profile email offline_access",
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
    called = await authorize(browser, url, { email: EMAIL, password: PASSWORD, callback: CALLBACK });
    assert.ok(called.searchParams.get("code"));
  },
  async "ID token"() {
    tokens = await client.authorizationCodeGrant(config, called, {
      pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
    });
    assert.equal(tokens.claims().iss, ISSUER);
    assert.ok(tokens.refresh_token);
  },
  async "a code holds once"() {
    await assert.rejects(client.authorizationCodeGrant(config, called, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }), { error: "invalid_grant" });
    // The replay cost the tokens; the browser is signed in and has consented, so new ones take no form.
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK, scope: "openid profile email offline_access",
      code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", state, nonce,
    });
    const page = await browser.open(url, { until: CALLBACK });
    tokens = await client.authorizationCodeGrant(config, page.url, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce });
  },
  async userinfo() {
    const person = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    assert.equal(person.email, EMAIL);
    assert.equal(person.email_verified, true);
  },
  async refresh() {
    refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
    assert.equal((await client.fetchUserInfo(config, refreshed.access_token, tokens.claims().sub)).email, EMAIL);
  },
  async introspection() {
    const state = await client.tokenIntrospection(config, refreshed.access_token);
    assert.equal(state.active, true);
    assert.equal(state.client_id, CLIENT_ID);
    assert.equal(state.sub, tokens.claims().sub);
  },
  async revocation() {
    await client.tokenRevocation(config, refreshed.refresh_token);
    await assert.rejects(client.refreshTokenGrant(config, refreshed.refresh_token), { error: "invalid_grant" });
    assert.equal((await client.tokenIntrospection(config, refreshed.access_token)).active, false);
  },
  async "client_credentials"() {
    const own = await client.clientCredentialsGrant(config);
    assert.equal((await client.tokenIntrospection(config, own.access_token)).active, true);
  },
  async "sign-out at the application's wish"() {
    const url = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token });
    const page = await browser.open(url);
    assert.equal(page.url.pathname, "/signed-out");
    const again = await browser.open(new URL("/account", ISSUER));
    assert.equal(again.url.pathname, "/sign-in");
  },
});
