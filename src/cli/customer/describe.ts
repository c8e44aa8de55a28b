import { EVIDENCE } from '../../customers/mapping.ts';
import type { Reading } from '../../customers/read.ts';
import type { CustomerRecord } from '../../customers/stores/operator.ts';
import { printable } from '../printable.ts';

/** What D1 and Stripe say of one customer. */
export type Known = {
  id: string;
  livemode: boolean;
  /** Undefined if D1 has no such row. */
  record: CustomerRecord | undefined;
  /** Those that D1 has. */
  subscriptions: { id: string; status: string }[];
  reading: Reading;
  /** The customers in D1 that have the same subject. */
  ofSubject: string[];
  isFilled: boolean;
  /** Stripe's search finds the customer by its metadata. */
  isSearchable: boolean;
  linkByEmail: boolean;
};

const TITLE = 10;

/** All of it in lines for people. */
export function describe(known: Known): string {
  const rows: [title: string, value: string][] = [
    ['D1', describeRecord(known)],
    ['Stripe', describeReading(known.reading)],
    ['Synced', describeSync(known)],
    ['Subject', describeSubject(known)],
    ['The link', describeLink(known)],
  ];
  const lines = rows.map(([title, value]) => `  ${title.padEnd(TITLE)}${printable(value)}`);
  return [`${printable(known.id)}, ${known.livemode ? 'live' : 'test'} mode`, ...lines].join('\n');
}

function describeRecord({ record, subscriptions }: Known): string {
  if (!record) return 'does not have this customer';
  if (record.deletedAt !== null) return `marked as deleted on ${dateOf(record.deletedAt)}`;
  if (!record.isRead) return 'has only the subject so far';
  return contents(record.name, record.email, subscriptions);
}

function describeReading(reading: Reading): string {
  if (reading.kind === 'deleted') return 'has no such customer, or has deleted it';
  const { customer, subscriptions } = reading;
  return contents(customer.name ?? null, customer.email, subscriptions);
}

function contents(
  name: string | null,
  email: string | null,
  subscriptions: { id: string; status: string }[],
): string {
  const current = subscriptions.map(({ id, status }) => `${id} (${status})`).join(', ');
  return `${name ?? 'no name'}, ${email ?? 'no e-mail address'}; ${current || 'no current subscriptions'}`;
}

function describeSync({ record }: Known): string {
  const last = record?.syncedAt ? dateOf(record.syncedAt) : 'never';
  if (!record?.waitsSince) return last;
  return `${last}; a sync waits since ${dateOf(record.waitsSince)}`;
}

const NAMES = new Map<number | null, string>([
  [null, 'what release 0.1.0 has read'],
  [EVIDENCE.email, 'a verified e-mail address (LINK_BY_EMAIL)'],
  [EVIDENCE.checkout, 'a completed checkout'],
  [EVIDENCE.listed, 'a subscription that the first fill came by'],
  [EVIDENCE.ended, 'the metadata of a subscription that has ended'],
  [EVIDENCE.unknown, 'what release 0.1.0 has read'],
  [EVIDENCE.subscription, 'the metadata of a subscription'],
  [EVIDENCE.customer, 'the metadata of the customer'],
  [EVIDENCE.operator, 'an operator’s word'],
]);

function describeSubject({ record, reading }: Known): string {
  const { subject = null, evidence = null } = record ?? {};
  const mapping = reading.kind === 'living' ? reading.mapping : undefined;
  const stripeSays = mapping?.subject
    ? `${mapping.subject}, by ${NAMES.get(mapping.evidence)}`
    : undefined;
  const isOperators = evidence === EVIDENCE.operator;
  const ours = subject === null ? 'nobody' : subject;
  if (isOperators) {
    const differs = mapping?.subject && mapping.subject !== subject;
    return `${ours}, by an operator’s word${differs ? `, which outranks ${stripeSays}` : ''}`;
  }
  if (mapping?.conflict) {
    return `${ours}: subscriptions name several subjects, so they map nobody`;
  }
  if (subject === null) {
    return stripeSays ? `nobody yet; Stripe says ${stripeSays}` : 'nobody: nothing names one';
  }
  const differs = stripeSays && mapping?.subject !== subject;
  return `${subject}, by ${NAMES.get(evidence)}${differs ? `; Stripe says ${stripeSays}` : ''}`;
}

/** What the person gets from the link right now, and why. */
function describeLink(known: Known): string {
  const { id, record, reading, ofSubject, isFilled, isSearchable, linkByEmail } = known;
  if (reading.kind === 'deleted') return 'opens no session: Stripe has no such customer';
  const { subject = null, deletedAt = null, evidence } = record ?? {};
  if (subject !== null && deletedAt === null) {
    return ofSubject.length > 1
      ? `asks which billing account to open: the subject has ${ofSubject.join(', ')}`
      : `opens the portal of ${id}: it is the subject’s only customer`;
  }
  if (subject !== null) {
    return ofSubject.length > 0
      ? `opens the portal of ${ofSubject.join(' or ')}: D1 takes this customer for deleted, and --sync mends that`
      : 'reads the customer again, which D1 takes for deleted, and opens the portal';
  }
  const { mapping, customer } = reading;
  const isNobodys = evidence === EVIDENCE.operator;
  if (isSearchable && !isNobodys) {
    return `searches Stripe for ${mapping.subject}, syncs the customer and opens the portal`;
  }
  const isNamed = mapping.subject !== null || mapping.conflict === true;
  if (linkByEmail && customer.email && !isNamed && !isNobodys) {
    return `opens the portal for somebody whose verified address is ${customer.email}, if no other customer has it`;
  }
  if (!isFilled) return 'says “still connecting”: the first fill is not complete';
  return mapping.subject !== null && !isNobodys
    ? 'says “nothing to manage yet”: D1 does not know it yet, and --sync mends that'
    : 'says “nothing to manage yet”: the customer has no subject, and --map gives it one';
}

const dateOf = (seconds: number) => new Date(seconds * 1000).toISOString();
