import { EVIDENCE } from '../../customers/mapping.ts';
import type { ImportStore, KnownCustomer } from '../../customers/stores/imports.ts';
import { comparable, spellingsOf } from '../../mail/address.ts';
import type { Shell } from '../shell.ts';
import { forEachPage, pagesOf } from './pages.ts';
import { refuse, type By, type MappingFile, type Refusal, type Row } from './read-file.ts';

/** What importing a line does. */
export type Planned = Row &
  (
    | { kind: 'maps'; id: string }
    /** It has this subject already, by an operator's word. */
    | { kind: 'kept'; id: string }
    /** It has this subject by what Stripe says, which an operator's word then outranks. */
    | { kind: 'confirms'; id: string }
    /** It has another subject; null if an operator has said that it is nobody's. */
    | { kind: 'remaps'; id: string; present: string | null }
    | { kind: 'unknown' }
    | { kind: 'deleted' }
    | { kind: 'ambiguous'; customers: number }
  );

/** A line that leads to one customer. */
export type Found = Extract<Planned, { id: string }>;

type Known = Omit<KnownCustomer, 'deletedAt'>;

/** What becomes of a file. */
export type Plan = {
  planned: Planned[];
  /** Lines that lead to a customer that has, or gets, the subject. */
  found: Found[];
  /** Those of them that D1 is changed for. */
  changes: Found[];
  /** Lines that map nobody, in the order of the file. */
  refusals: Refusal[];
};

/**
 * Compares a file with what D1 has: one statement for many lines.
 *
 * @throws BillingError, Cancelled
 */
export async function planFile(
  shell: Shell,
  { by, rows, refusals }: MappingFile,
  store: ImportStore,
  livemode: boolean,
  replaces: boolean,
): Promise<Plan> {
  const planned: Planned[] = [];
  await forEachPage(shell, livemode, pagesOf(rows), 'compared with D1', async (page) => {
    const compare = by === 'customer' ? planByIds : planByAddresses;
    planned.push(...(await compare(page, store, livemode)));
  });
  const found = planned.filter((each): each is Found => reasonOf(each, by, replaces) === undefined);
  const left = planned.flatMap((each) => {
    const reason = reasonOf(each, by, replaces);
    return reason === undefined ? [] : [refuse(each, reason)];
  });
  return {
    planned,
    found,
    changes: found.filter(({ kind }) => kind !== 'kept'),
    refusals: [...refusals, ...left].toSorted((a, b) => a.line - b.line),
  };
}

async function planByIds(rows: Row[], store: ImportStore, livemode: boolean): Promise<Planned[]> {
  const ids = rows.map(({ named }) => named);
  const known = await store.findByIds(ids, livemode);
  const byId = new Map(known.map((each) => [each.id, each]));
  return rows.map((row): Planned => {
    const found = byId.get(row.named);
    if (!found) return { ...row, kind: 'unknown' };
    return found.deletedAt === null ? judge(row, found) : { ...row, kind: 'deleted' };
  });
}

async function planByAddresses(
  rows: Row[],
  store: ImportStore,
  livemode: boolean,
): Promise<Planned[]> {
  const spellings = rows.flatMap(({ named }) => spellingsOf(named));
  const known = await store.findByAddresses(spellings, livemode);
  // Customers may spell one domain in two ways.
  const byAddress = Map.groupBy(known, ({ address }) => comparable(address));
  return rows.map((row): Planned => {
    const found = byAddress.get(comparable(row.named)) ?? [];
    const customers = found.reduce((sum, each) => sum + each.customers, 0);
    const [only] = found;
    if (!only) return { ...row, kind: 'unknown' };
    return customers === 1 ? judge(row, only) : { ...row, kind: 'ambiguous', customers };
  });
}

function judge(row: Row, { id, subject, evidence }: Known): Planned {
  const isOperators = evidence === EVIDENCE.operator;
  if (subject === null && !isOperators) return { ...row, kind: 'maps', id };
  if (subject !== row.subject) return { ...row, kind: 'remaps', id, present: subject };
  return { ...row, kind: isOperators ? 'kept' : 'confirms', id };
}

/** Why a line maps nobody; undefined if it does. */
function reasonOf(planned: Planned, by: By, replaces: boolean): string | undefined {
  switch (planned.kind) {
    case 'unknown':
      return by === 'email' ? 'no customer has this address' : 'D1 has no such customer';
    case 'deleted':
      return 'the customer was deleted at Stripe';
    case 'ambiguous':
      return `${planned.customers} customers have this address`;
    case 'remaps': {
      if (replaces) return undefined;
      const present =
        planned.present === null
          ? 'an operator has said that it is nobody’s'
          : `it has the subject ${planned.present}`;
      return `${present}, which --replace changes`;
    }
    default:
      return undefined;
  }
}
