import * as v from 'valibot';
import { isOneName, LinkRequest, names, needsOneName } from '../links/request.ts';
import { Intent } from '../portal/intent.ts';
import { CUSTOMER_ID } from '../stripe/ids.ts';

// What other Workers send. They may be JavaScript, so all of it is checked.

const needsSubject = 'must be the id that your site knows the user by.';
const subject = v.pipe(
  v.string(needsSubject),
  v.nonEmpty(needsSubject),
  v.maxLength(500, needsSubject),
);
const needsRoles = 'must be a list of texts.';
const needsCustomer = 'must be a customer id, such as cus_123.';

const { return_to: returnTo, ...wanted } = Intent.entries;

/** Whose portal to open, and what for. Without `roles`, none is needed, as for a signed link. */
export const SessionCall = v.strictObject({
  subject,
  roles: v.optional(v.array(v.string(needsRoles), needsRoles)),
  ...wanted,
  returnTo,
});
export type SessionCall = v.InferInput<typeof SessionCall>;
export type SessionRequest = v.InferOutput<typeof SessionCall>;

/** The link to sign. */
export const LinkCall = v.pipe(
  v.strictObject({
    ...names,
    email: LinkRequest.entries.email,
    flow: LinkRequest.entries.flow,
    returnTo: LinkRequest.entries.return_to,
    /** In seconds. */
    expiresIn: LinkRequest.entries.expires_in,
  }),
  v.forward(v.partialCheck([['subject'], ['customer']], isOneName, needsOneName), ['subject']),
);
export type LinkCall = v.InferInput<typeof LinkCall>;

export const SubjectCall = v.strictObject({ subject });

export const CustomerCall = v.strictObject({
  customer: v.pipe(v.string(needsCustomer), v.regex(CUSTOMER_ID, needsCustomer)),
});
