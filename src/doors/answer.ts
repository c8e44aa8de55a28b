import type { PortalLinkEnv } from '../config/environment.ts';
import { BillingError, unexpected, type BillingErrorCode } from '../errors/billing-error.ts';
import { entryOf, remedyOf } from '../errors/meaning.ts';
import { originMissing } from '../http/own-origin.ts';
import { getServices, type Services } from '../services.ts';
import { log } from '../telemetry/log.ts';
import { Trace, traced } from '../telemetry/trace.ts';

/** An expected “no”, by its code in src/errors/CODES.md. */
export type Refusal<Code extends BillingErrorCode> = {
  kind: Code;
  /** For the developer of the calling Worker. */
  detail: string;
  /** Seconds, where it can pass. */
  retryAfter?: number;
};

export type Called = { services: Services; now: Date };

/**
 * Answers a call of another Worker: what is expected is a value, and the rest is thrown by its code.
 * Reasons stay in our own log.
 *
 * @param refusals  the codes that are expected
 * @throws Error `<code>: <detail>`
 */
export async function answerCall<Answer extends { kind: string }, Code extends BillingErrorCode>(
  env: PortalLinkEnv,
  method: string,
  refusals: readonly Code[],
  work: (called: Called) => Promise<Answer>,
): Promise<Answer | Refusal<Code>> {
  const trace = new Trace(crypto.randomUUID());
  const began = performance.now();
  const answer = await traced(trace, async () => attempt(env, work));
  if (!(answer instanceof BillingError)) {
    write(trace, method, answer.kind, began);
    return answer;
  }
  trace.fault = answer;
  write(trace, method, answer.code, began);
  const detail = detailOf(answer);
  const kind = refusals.find((code) => code === answer.code);
  if (kind === undefined) throw new Error(`${answer.code}: ${detail} (${trace.reference})`);
  const { retryAfter } = entryOf(answer);
  return { kind, detail, ...(retryAfter !== undefined && { retryAfter }) };
}

async function attempt<Answer>(
  env: PortalLinkEnv,
  work: (called: Called) => Promise<Answer>,
): Promise<Answer | BillingError> {
  try {
    return await work({ services: servicesOf(env), now: new Date() });
  } catch (error) {
    return error instanceof BillingError ? error : unexpected(error);
  }
}

function detailOf(error: BillingError): string {
  const { details } = error;
  const keys = details.problems?.map(({ key }) => key).join(', ');
  return keys === undefined
    ? (details.detail ?? entryOf(error).detail)
    : `Settings of the Worker are missing or wrong: ${keys}.`;
}

/** Nobody signs in here, so no setting has to say how. */
function servicesOf(env: PortalLinkEnv): Services {
  const result = getServices(env, true);
  if (result.kind === 'ready') return result.services;
  const keys = result.problems.map(({ key }) => key).join(', ');
  throw new BillingError('configuration_invalid', `Wrong settings: ${keys}`, {
    problems: result.problems,
  });
}

/** A call has no address of its own: PUBLIC_ORIGIN says where links and portals lead to. */
export function originFor({ config }: Services): string {
  if (config.publicOrigin === undefined) throw originMissing('Another Worker has asked.');
  return config.publicOrigin;
}

function write(trace: Trace, method: string, outcome: string, began: number): void {
  const { fault, durations } = trace;
  log(fault && entryOf(fault).status >= 500 ? 'error' : 'info', {
    event: 'call',
    request_id: trace.id,
    method,
    outcome,
    total_ms: Math.round(performance.now() - began),
    database_ms: Math.round(durations.database),
    stripe_ms: Math.round(durations.stripe),
    stripe_request_id: fault?.details.stripeRequestId ?? trace.stripeRequestId,
    reference: fault && trace.reference,
    reason: fault?.message,
    remedy: fault && remedyOf(fault),
  });
}
