import type { CursorStore } from '../../customers/stores/cursors.ts';
import type { CustomerStore } from '../../customers/stores/customers.ts';
import type { OperatorStore } from '../../customers/stores/operator.ts';
import type { Counters } from '../cloudflare/counters.ts';
import type { PortalFile } from '../portal/file.ts';
import { configOf } from '../settings.ts';
import type { Fetch } from '../shell.ts';
import type { Target } from '../target.ts';

export type Stores = { operator: OperatorStore; cursors: CursorStore; customers: CustomerStore };

/** The Worker's D1, or why there is none to ask. */
export type Database =
  | ({ kind: 'open' } & Stores)
  | { kind: 'unbound' }
  | { kind: 'closed'; reason: string };

/** What doctor examines. */
export type Subject = {
  target: Target;
  /** Where the Worker is deployed, if `--url` was given. */
  url: URL | undefined;
  /** The customer to make a session for, if `--customer` was given. */
  customer: string | undefined;
  portalFile: PortalFile | undefined;
  /** Secrets that Cloudflare keeps for the Worker and does not show. */
  stored: ReadonlySet<string>;
  database: Database;
  counters: Counters;
  /** Requests the deployed Worker. */
  fetch: Fetch;
  now: Date;
};

/** The origin at which Stripe and visitors reach the Worker, if it is known. */
export function originOf(subject: Pick<Subject, 'url' | 'target' | 'stored'>): string | undefined {
  return subject.url?.origin ?? configOf(subject, (key) => key === 'PUBLIC_ORIGIN')?.publicOrigin;
}
