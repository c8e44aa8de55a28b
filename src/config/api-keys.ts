import * as v from 'valibot';
import { commaSeparated } from './kinds.ts';

/** What a key of LINK_API_KEY can be good for: signing links, reading billing, revoking links. */
export const SCOPES = ['sign', 'read', 'revoke'] as const;
export type Scope = (typeof SCOPES)[number];

/** A key, and what it may do. */
export type ApiKey = { key: string; may: Scope[] };

const LEAST_CHARACTERS = 32;

/** Keys as `read+sign:KEY`. A key without a colon may sign, as before there were scopes. */
export const apiKeys = (remedy: string) =>
  v.pipe(
    commaSeparated(
      v.pipe(
        v.string(remedy),
        v.check((part) => apiKey(part) !== undefined, remedy),
      ),
      remedy,
    ),
    v.transform((parts) => parts.map(apiKey).filter((each) => each !== undefined)),
  );

function apiKey(part: string): ApiKey | undefined {
  const colon = part.indexOf(':');
  const key = part.slice(colon + 1);
  const may = colon === -1 ? (['sign'] as const) : part.slice(0, colon).split('+').map(scopeOf);
  const known = may.filter((each) => each !== undefined);
  if (key.length < LEAST_CHARACTERS || known.length < may.length) return undefined;
  return { key, may: known };
}

const scopeOf = (name: string): Scope | undefined => SCOPES.find((scope) => scope === name);
