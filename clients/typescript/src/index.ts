import { SignetError } from "./errors.js";
import type {
  AccessToken, Agent, AgentChange, AgentPage, AgentStatus, AuditEvent, AuditPage, Credential, DelegationOffer, Introspection, MadeCredential, NewAgent,
} from "./models.js";
import { type AgentSecret, TokenSource, basicOf } from "./tokens.js";

export { SignetError } from "./errors.js";
export type * from "./models.js";
export { type AgentSecret, EARLY, TokenSource } from "./tokens.js";

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const at = (agentId: string): string => `/api/v1/agents/${encodeURIComponent(agentId)}`;

/** A Signet server as an agent, or a program that manages agents, sees it. Every call throws a {@link SignetError} where the server refuses. */
export class SignetClient {
  private constructor(
    private readonly origin: string,
    private readonly bearer: () => Promise<string>,
    private readonly secret?: AgentSecret,
  ) {}

  /** Calls with an API key (`sgt_ak_…`). `origin` is the tenant's address, without a slash at the end. */
  static withKey(origin: string, key: string): SignetClient {
    return new SignetClient(origin, async () => key);
  }

  /** Calls as an agent, with access tokens that are got when they are needed and renewed before they end. */
  static asAgent(origin: string, secret: AgentSecret, tokens = new TokenSource(origin, secret)): SignetClient {
    return new SignetClient(origin, () => tokens.get(), secret);
  }

  /** Register, find, change and stop agents. */
  readonly agents = {
    register: (agent: NewAgent): Promise<Agent> => this.#call("POST", "/api/v1/agents", agent),
    /** Newest first; `before` is what the page before gave as `next`, `limit` 1 to 200. */
    list: (wanted: { search?: string; status?: AgentStatus; owner?: string; before?: string; limit?: number } = {}): Promise<AgentPage> =>
      this.#call("GET", `/api/v1/agents${queryOf(wanted)}`),
    get: (agentId: string): Promise<Agent> => this.#call("GET", at(agentId)),
    update: (agentId: string, change: AgentChange): Promise<Agent> => this.#call("PATCH", at(agentId), change),
    /** Ends its tokens at once, on every node, and lets it get none until it is resumed. */
    suspend: (agentId: string): Promise<Agent> => this.#call("PATCH", at(agentId), { status: "suspended" }),
    /** Ends it for good, with its credentials and tokens. */
    decommission: (agentId: string): Promise<void> => this.#call("DELETE", at(agentId)),
  };

  /** How agents show who they are. */
  readonly credentials = {
    /** A further secret; those it has hold on, so that every instance can change over. */
    generate: (agentId: string, expiresAt?: string): Promise<MadeCredential> => this.#call("POST", `${at(agentId)}/credentials`, { expiresAt }),
    list: async (agentId: string): Promise<readonly Credential[]> =>
      (await this.#call<{ credentials: readonly Credential[] }>("GET", `${at(agentId)}/credentials`)).credentials,
    /** A new secret; the tokens it got live on, and the old secret for `graceSeconds`. */
    rotate: (agentId: string, credentialId: string, graceSeconds = 0): Promise<MadeCredential> =>
      this.#call("POST", `${at(agentId)}/credentials/${encodeURIComponent(credentialId)}/rotate`, { graceSeconds }),
    /** Ends it, and every token it got, at once. */
    revoke: (agentId: string, credentialId: string): Promise<void> =>
      this.#call("DELETE", `${at(agentId)}/credentials/${encodeURIComponent(credentialId)}`),
  };

  /** Tokens as an agent with a secret handles them. */
  readonly tokens = {
    /** Whether a token holds, and for whom (RFC 7662). Of others' tokens an agent hears only with `tokens:read`. */
    introspect: (token: string): Promise<Introspection> => this.#form("/oauth2/introspect", { token }),
    /** Ends a token of the agent's own (RFC 7009). */
    revoke: (token: string): Promise<void> => this.#form("/oauth2/revoke", { token }),
    /** Hands another agent the right to act with part of what this one may, for 60 to 86400 seconds. */
    delegate: (delegateeAgentId: string, scopes: readonly string[], ttlSeconds: number): Promise<DelegationOffer> =>
      this.#call("POST", "/oauth2/token/delegate", { delegateeAgentId, scopes, ttlSeconds }),
    /** Ends a chain of delegations from this agent on. */
    endDelegation: (chainId: string): Promise<void> => this.#call("DELETE", `/oauth2/token/delegate/${encodeURIComponent(chainId)}`),
    /** An access token with which this agent acts for whoever handed it the offer (RFC 8693). */
    acceptDelegation: (delegationToken: string, scope?: string): Promise<AccessToken> => this.#exchange(delegationToken, "jwt", scope),
    /** An access token with which this agent acts for whoever another access token speaks for (RFC 8693). */
    exchange: (accessToken: string, scope?: string): Promise<AccessToken> => this.#exchange(accessToken, "access_token", scope),
  };

  /** What happened, newest first. */
  readonly audit = {
    list: (
      wanted: { agentId?: string; startDate?: string; endDate?: string; action?: string; outcome?: string; before?: string; limit?: number } = {},
    ): Promise<AuditPage> => this.#call("GET", `/api/v1/audit${queryOf(wanted)}`),
    get: (eventId: string): Promise<AuditEvent> => this.#call("GET", `/api/v1/audit/${encodeURIComponent(eventId)}`),
  };

  #exchange(subject: string, type: string, scope?: string): Promise<AccessToken> {
    return this.#form("/oauth2/token", {
      grant_type: EXCHANGE, subject_token: subject, subject_token_type: `urn:ietf:params:oauth:token-type:${type}`, ...(scope === undefined ? {} : { scope }),
    });
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${await this.bearer()}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    return read<T>(await fetch(this.origin + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }));
  }

  async #form<T>(path: string, fields: Record<string, string>): Promise<T> {
    if (!this.secret) throw new TypeError("Only an agent with a secret calls this endpoint: make the client with SignetClient.asAgent.");
    return read<T>(await fetch(this.origin + path, { method: "POST", body: new URLSearchParams(fields), headers: { authorization: basicOf(this.secret) } }));
  }
}

async function read<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw await SignetError.of(answer);
  const text = await answer.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

function queryOf(wanted: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
