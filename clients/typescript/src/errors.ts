/** A refusal of the server's. */
export class SignetError extends Error {
  override readonly name = "SignetError";

  constructor(
    /** Stable, for programs: `AGENT_NOT_FOUND`, or OAuth's `invalid_client`. */
    readonly code: string,
    message: string,
    readonly httpStatus: number,
    /** A line for each field that is wrong; left out where it is about no field. */
    readonly details?: Readonly<Record<string, string>>,
    /** Seconds, where the server says when to ask again. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  // Problem details with code, message and details; or OAuth's error and error_description (RFC 6749 §5.2); or a proxy's page.
  static async of(answer: Response): Promise<SignetError> {
    const body = objectOf(await answer.text());
    const wait = Number(answer.headers.get("retry-after") ?? NaN);
    return new SignetError(
      textOf(body.code) ?? textOf(body.error) ?? "unexpected_answer",
      textOf(body.message) ?? textOf(body.error_description) ?? textOf(body.title) ?? `The server answered ${answer.status}.`,
      answer.status,
      typeof body.details === "object" && body.details !== null ? (body.details as Record<string, string>) : undefined,
      Number.isFinite(wait) ? wait : undefined,
    );
  }
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
