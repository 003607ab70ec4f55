export type AgentType = "screener" | "classifier" | "orchestrator" | "extractor" | "summarizer" | "router" | "monitor" | "custom";
export type DeploymentEnv = "development" | "staging" | "production";
export type AgentStatus = "active" | "suspended" | "decommissioned";

export interface Agent {
  readonly agentId: string;
  readonly email: string;
  readonly agentType: AgentType;
  readonly version: string;
  readonly description: string;
  /** `resource:action`. */
  readonly capabilities: readonly string[];
  /** The id of the person who answers for it. */
  readonly owner: string;
  readonly sponsor: string | null;
  readonly deploymentEnv: DeploymentEnv;
  readonly scopes: readonly string[];
  readonly tokenAlgorithm: string;
  readonly tokenSeconds: number;
  readonly status: AgentStatus;
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An agent to be. What is left out is the server's choice. */
export interface NewAgent {
  /** No other agent of the tenant has it. */
  email: string;
  agentType: AgentType;
  version: string;
  capabilities: readonly string[];
  deploymentEnv: DeploymentEnv;
  /** Id or address of a person; left out: whoever registers. */
  owner?: string;
  sponsor?: string;
  description?: string;
  scopes?: readonly string[];
  tokenAlgorithm?: string;
  tokenSeconds?: number;
  expiresAt?: string;
}

/** What is to change of an agent; what is left out stays, and `expiresAt: null` takes the end away. */
export type AgentChange = Partial<Omit<NewAgent, "email" | "expiresAt">> & { status?: AgentStatus; expiresAt?: string | null };

export interface AgentPage {
  readonly agents: readonly Agent[];
  /** Where the next page begins; null on the last. */
  readonly next: string | null;
}

export interface Credential {
  readonly credentialId: string;
  /** The agent's id. */
  readonly clientId: string;
  readonly kind: string;
  readonly status: "active" | "revoked";
  /** How the secret begins, or what the key is called: to recognise it by. */
  readonly hint: string;
  readonly createdAt: string;
  readonly rotatedAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
}

export interface MadeCredential {
  readonly credential: Credential;
  /** Shown this once; null where the credential is a key. */
  readonly clientSecret: string | null;
}

/** RFC 6749 §5.1. */
export interface AccessToken {
  readonly access_token: string;
  readonly token_type: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly scope?: string;
}

/** RFC 7662 §2.2. Nothing but `active` where the token does not hold. */
export interface Introspection {
  readonly active: boolean;
  readonly client_id?: string;
  readonly sub?: string;
  readonly scope?: string;
  readonly exp?: number;
  /** Who acts for the subject (RFC 8693 §4.1). */
  readonly act?: { readonly sub: string; readonly act?: unknown };
}

/** The right to act, as one agent hands it to another. */
export interface DelegationOffer {
  /** The other exchanges it for access tokens; nobody else can. */
  readonly delegationToken: string;
  /** Ends it, and all that came of it. */
  readonly chainId: string;
  readonly delegatorAgentId: string;
  readonly delegateeAgentId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string;
}

export interface AuditEvent {
  readonly eventId: string;
  /** Who did it, or whom it was done to; null where no agent has a part in it. */
  readonly agentId: string | null;
  readonly action: string;
  readonly outcome: "success" | "failure";
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly timestamp: string;
}

export interface AuditPage {
  readonly entries: readonly AuditEvent[];
  readonly next: string | null;
}
