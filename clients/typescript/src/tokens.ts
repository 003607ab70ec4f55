import { SignetError } from "./errors.js";
import type { AccessToken } from "./models.js";

/** An agent's id and secret (`sgt_as_…`). */
export interface AgentSecret {
  readonly agentId: string;
  readonly value: string;
}

/** How long before its end a token is renewed: seconds. */
export const EARLY = 60;

/** Access tokens of an agent. One is kept until 60 seconds before its end; however many ask at once, the server is asked once. */
export class TokenSource {
  #held: { readonly token: string; readonly renewAt: number } | undefined;
  #asking: Promise<string> | undefined;

  /**
   * @param origin The tenant's address, such as `https://id.example.com`.
   * @param scope Separated by spaces; left out: all the agent has.
   * @param now Seconds; left out: the machine's clock.
   */
  constructor(
    private readonly origin: string,
    private readonly secret: AgentSecret,
    private readonly scope?: string,
    private readonly now: () => number = () => Date.now() / 1000,
  ) {}

  /** Throws a {@link SignetError} with `invalid_client` where the secret is wrong or revoked, or the agent was stopped. */
  async get(): Promise<string> {
    if (this.#held && this.now() < this.#held.renewAt) return this.#held.token;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** Forgets the token, so that the next is new: after a 401, or when the agent's scopes changed. */
  forget(): void {
    this.#held = undefined;
  }

  async #ask(): Promise<string> {
    const asked = this.now();
    const form = new URLSearchParams({ grant_type: "client_credentials" });
    if (this.scope !== undefined) form.set("scope", this.scope);
    const answer = await fetch(`${this.origin}/oauth2/token`, { method: "POST", body: form, headers: { authorization: basicOf(this.secret) } });
    if (!answer.ok) throw await SignetError.of(answer);
    const token = (await answer.json()) as AccessToken;
    const life = token.expires_in;
    // Where tokens live no longer than a minute, half their life.
    this.#held = { token: token.access_token, renewAt: asked + (life > 2 * EARLY ? life - EARLY : life / 2) };
    return token.access_token;
  }
}

/** RFC 6749 §2.3.1. */
export const basicOf = (secret: AgentSecret): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(secret.agentId)}:${encodeURIComponent(secret.value)}`).toString("base64")}`;
