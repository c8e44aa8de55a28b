import * as v from 'valibot';
import type { Principal } from '../identity/principal.ts';
import { subjectLike } from '../identity/subject.ts';
import { DEFAULT_LINK_SECONDS, LONGEST_LINK_SECONDS } from './lifetime.ts';
import { GOALS, type Goal } from '../portal/intent.ts';
import { CUSTOMER_ID } from '../stripe/ids.ts';

type LinkFlow = Exclude<Goal, 'subscription_update_confirm'>;

// subscription_update_confirm needs a price, and links have no claim for one.
const LINK_FLOWS = GOALS.filter((flow): flow is LinkFlow => flow !== 'subscription_update_confirm');

const filled = (must: string) => v.pipe(v.string(must), v.nonEmpty(must), v.maxLength(500, must));

const needsCustomer = 'must be a customer id, such as cus_123.';
const needsEmail = 'must be an e-mail address.';
const needsFlow = `must be one of ${LINK_FLOWS.join(', ')}: a link has no price for subscription_update_confirm.`;
const needsSeconds = `must be a whole number of seconds, at most ${LONGEST_LINK_SECONDS} (30 days).`;

/** Who a link is for: one of the two. */
export const names = {
  subject: v.optional(subjectLike('must be the id that your site knows the user by.')),
  customer: v.optional(v.pipe(v.string(needsCustomer), v.regex(CUSTOMER_ID, needsCustomer))),
};

export const needsOneName = 'name either a subject or a customer.';

export const isOneName = ({ subject, customer }: { subject?: unknown; customer?: unknown }) =>
  (subject === undefined) !== (customer === undefined);

/** A request for a signed link, from a back end or the command line. */
export const LinkRequest = v.pipe(
  v.strictObject({
    ...names,
    email: v.optional(
      v.pipe(v.string(needsEmail), v.email(needsEmail), v.maxLength(254, needsEmail)),
    ),
    flow: v.optional(v.picklist(LINK_FLOWS, needsFlow)),
    return_to: v.optional(filled('must be a path, or an address on this or an allowed origin.')),
    expires_in: v.optional(
      v.pipe(
        v.number(needsSeconds),
        v.integer(needsSeconds),
        v.minValue(1, needsSeconds),
        v.maxValue(LONGEST_LINK_SECONDS, needsSeconds),
      ),
      DEFAULT_LINK_SECONDS,
    ),
  }),
  v.forward(v.partialCheck([['subject'], ['customer']], isOneName, needsOneName), ['subject']),
);

export type LinkRequest = v.InferOutput<typeof LinkRequest>;

/** Whose links are revoked. */
export const Revocation = v.pipe(
  v.strictObject(names),
  v.forward(v.partialCheck([['subject'], ['customer']], isOneName, needsOneName), ['subject']),
);

export type RevocationCall = v.InferInput<typeof Revocation>;

/** The principal that the request names. Its e-mail address is for the link's page and mails. */
export function principalOf({
  subject,
  customer,
  email,
}: Pick<LinkRequest, 'subject' | 'customer' | 'email'>): Principal {
  const details = email === undefined ? {} : { email };
  return subject === undefined
    ? { customers: [customer ?? []].flat(), ...details }
    : { subject, ...details };
}
