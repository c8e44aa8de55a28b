import { fetchKeySet } from '../../../identity/key-set.ts';
import { fetchMetadata } from '../../../identity/discovery.ts';
import type { Fetch } from '../../shell.ts';
import { visit } from '../../worker.ts';
import type { Asking } from './answers.ts';

/** What became of an answer when it was tried. `better` is what to propose instead. */
export type Attempt<Answer = string> =
  | { kind: 'works'; found: string }
  | { kind: 'fails'; reason: string; better?: Answer };

/** An attempt that proposes nothing. */
export type Tried = Attempt<never>;

/**
 * Asks until an answer works, or the operator insists on one that does not.
 *
 * @param ask  returns undefined if there is nobody to ask
 * @param label  what is shown while the answer is tried
 */
export async function untilItWorks<Answer>(
  { dialogue }: Pick<Asking, 'dialogue'>,
  ask: (before: Answer | undefined) => Promise<Answer | undefined>,
  label: string,
  attempt: (answer: Answer) => Promise<Attempt<Answer>>,
): Promise<Answer | undefined> {
  let before: Answer | undefined;
  for (;;) {
    const answer = await ask(before);
    if (answer === undefined) return undefined;
    const result = await dialogue.working(label, async () => attempt(answer));
    if (result.kind === 'works') {
      if (result.found !== '') dialogue.say(result.found);
      return answer;
    }
    dialogue.say(result.reason);
    const isBetter = result.better !== undefined;
    if (!isBetter && (await dialogue.decide('Use it all the same', false))) return answer;
    before = result.better ?? answer;
  }
}

/** Fetches what a provider says of itself, and its keys. */
export async function tryIssuer(issuer: string): Promise<Tried> {
  try {
    const { jwks_uri: address } = await fetchMetadata(issuer);
    const keys = await tryKeySet(new URL(address));
    return keys.kind === 'fails' ? keys : { kind: 'works', found: `${issuer} answers, with keys.` };
  } catch (error) {
    return { kind: 'fails', reason: `${issuer} cannot be used: ${reasonIn(error)}.` };
  }
}

export async function tryKeySet(url: URL): Promise<Tried> {
  const address = `${url.origin}${url.pathname}`;
  try {
    const { keys } = await fetchKeySet(url);
    return keys.length > 0
      ? { kind: 'works', found: `${address} has ${keys.length} usable keys.` }
      : { kind: 'fails', reason: `${address} has no key that can verify tokens.` };
  } catch (error) {
    return { kind: 'fails', reason: `${address} gives no keys: ${reasonIn(error)}.` };
  }
}

/** Requests a page of the site. */
export async function tryPage(url: URL, fetch: Fetch): Promise<Tried> {
  const address = `${url.origin}${url.pathname}`;
  const visited = await visit(url, fetch);
  if (visited.kind === 'unreachable') {
    return { kind: 'fails', reason: `${address} does not answer: ${visited.reason}.` };
  }
  const { status } = visited.response;
  return status === 404 || status >= 500
    ? { kind: 'fails', reason: `${address} answers ${status}.` }
    : { kind: 'works', found: `${address} answers.` };
}

const reasonIn = (error: unknown) => (error instanceof Error ? error.message : 'unknown');
