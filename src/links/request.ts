import * as v from 'valibot';
import { DEFAULT_LINK_SECONDS, LONGEST_LINK_SECONDS } from './link.ts';
import { FLOWS, type Flow } from '../portal/flow.ts';

type LinkFlow = Exclude<Flow, 'subscription_update_confirm'>;

// The other one takes a price, which no claim of a link says.
const LINK_FLOWS = FLOWS.filter((flow): flow is LinkFlow => flow !== 'subscription_update_confirm');

const filled = (must: string) => v.pipe(v.string(must), v.nonEmpty(must), v.maxLength(500, must));

const customer = 'must be a customer id, such as cus_123.';
const email = 'must be an e-mail address.';
const flow = `must be one of ${LINK_FLOWS.join(', ')}: a link has no price for subscription_update_confirm.`;
const seconds = `must be a whole number of seconds, at most ${LONGEST_LINK_SECONDS} (30 days).`;

/** What a back end, or the command line, wants a link for. */
export const LinkRequest = v.pipe(
  v.strictObject({
    subject: v.optional(filled('must be the subject that the site knows its user by.')),
    customer: v.optional(v.pipe(v.string(customer), v.regex(/^cus_\w{1,200}$/, customer))),
    email: v.optional(v.pipe(v.string(email), v.email(email), v.maxLength(254, email))),
    flow: v.optional(v.picklist(LINK_FLOWS, flow)),
    return_to: v.optional(filled('must be a path, or an address on this or an allowed origin.')),
    expires_in: v.optional(
      v.pipe(
        v.number(seconds),
        v.integer(seconds),
        v.minValue(1, seconds),
        v.maxValue(LONGEST_LINK_SECONDS, seconds),
      ),
      DEFAULT_LINK_SECONDS,
    ),
  }),
  v.forward(
    v.partialCheck(
      [['subject'], ['customer']],
      ({ subject, customer: id }) => (subject === undefined) !== (id === undefined),
      'name either a subject or a customer.',
    ),
    ['subject'],
  ),
);

export type LinkRequest = v.InferOutput<typeof LinkRequest>;
