import { ApiError } from './errors.ts';
import type { DecodedObject } from './form.ts';

export type Outcome = { status: number; body: string; requestId: string };
type Remembered = Outcome & { path: string; parameters: string; at: number };

const day = 24 * 60 * 60 * 1000;

/** The outcomes of POSTs by idempotency key, as long as Stripe keeps them. */
export class Idempotency {
  readonly #outcomes = new Map<string, Remembered>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The outcome to repeat. Throws when the key was used for something else. */
  recall(key: string, path: string, parameters: DecodedObject): Outcome | undefined {
    const remembered = this.#outcomes.get(key);
    if (!remembered || this.#now() - remembered.at > day) return undefined;
    if (remembered.path !== path) {
      throw conflict(`for the same endpoint they were first used for ('${remembered.path}')`, key);
    }
    if (remembered.parameters !== JSON.stringify(parameters)) {
      throw conflict('with the same parameters they were first used with', key);
    }
    return remembered;
  }

  remember(key: string, path: string, parameters: DecodedObject, outcome: Outcome): void {
    const seen = { path, parameters: JSON.stringify(parameters), at: this.#now() };
    this.#outcomes.set(key, { ...outcome, ...seen });
  }
}

/** While the first request with a key is answered there is no outcome to repeat yet. */
export function keyInUse(key: string): ApiError {
  const message =
    'There is currently another in-progress request using this Idempotent Key (that probably ' +
    'means you submitted twice, and the other request is still going through): ' +
    `${key}. Please try again later.`;
  return new ApiError(409, { message, code: 'idempotency_key_in_use' });
}

function conflict(rule: string, key: string): ApiError {
  const shown = key.slice(key.indexOf(':') + 1);
  const message =
    `Keys for idempotent requests can only be used ${rule}. Try using a key other than ` +
    `'${shown}' if you meant to execute a different request.`;
  return new ApiError(400, { message, type: 'idempotency_error' });
}
