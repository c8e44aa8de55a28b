import { command } from '../../commands.ts';
import { EVIDENCE } from '../../customers/mapping.ts';
import type { Config } from '../../config/config.ts';
import { configOf, type Mode } from '../settings.ts';
import { ok, warning, type Finding } from './finding.ts';
import type { Stores, Subject } from './subject.ts';

// Of fewer, a share says nothing.
const LEAST_CUSTOMERS = 10;
const ENOUGH = 0.5;

const BY: Record<keyof typeof EVIDENCE, string> = {
  email: 'by e-mail address',
  checkout: 'by a Checkout session',
  listed: 'by a subscription',
  ended: 'by an ended subscription',
  unknown: 'by a release before 0.2',
  subscription: 'by a subscription',
  customer: 'by the customer’s metadata',
  operator: 'by an operator',
};

/** Which share of the customers in D1 belongs to somebody, and by what. */
export async function examineMapping(
  { operator }: Stores,
  subject: Subject,
  mode: Mode,
): Promise<Finding> {
  const counts = await operator.countByEvidence(mode === 'live');
  const all = counts.reduce((sum, { customers }) => sum + customers, 0);
  if (all === 0) return ok('database_mapping', 'D1 has no customers yet.');
  const mapped = new Map<string, number>();
  for (const { evidence, customers } of counts) {
    const name = Object.entries(EVIDENCE).find(([, value]) => value === evidence)?.[0];
    const by = name !== undefined && isEvidence(name) ? BY[name] : undefined;
    if (by !== undefined) mapped.set(by, (mapped.get(by) ?? 0) + customers);
  }
  const total = [...mapped.values()].reduce((sum, count) => sum + count, 0);
  const parts = [...mapped].map(([by, count]) => `${count} ${by}`).join(', ');
  const found = `${total} of ${all} customers have a subject${parts && `: ${parts}`}.`;
  if (all < LEAST_CUSTOMERS || total >= all * ENOUGH) return ok('database_mapping', found);
  const config = configOf(subject, (key) => MAPPING_SETTINGS.has(key));
  if (config && isMappedOnTheWay(config)) return ok('database_mapping', found);
  return warning(
    'database_mapping',
    found,
    `Write your user’s id into metadata.${config?.customerMetadataKey ?? 'user_id'} of your customers at Stripe, set CUSTOMER_METADATA_KEY to the key that has it, or import a file (\`${command('customer', '--import')}\`). Until then, the others are nobody’s.`,
  );
}

const isEvidence = (name: string): name is keyof typeof EVIDENCE => Object.hasOwn(EVIDENCE, name);

const MAPPING_SETTINGS = new Set(['CUSTOMER_METADATA_KEY', 'LINK_BY_EMAIL', 'AUTH_CUSTOMER_CLAIM']);

/** A visitor’s token, or their address, names the customer when they come. */
const isMappedOnTheWay = ({ linkByEmail, auth }: Config) =>
  linkByEmail || auth.claims.customer !== undefined;
