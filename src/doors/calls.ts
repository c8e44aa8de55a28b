import * as v from 'valibot';
import { isOneName, LinkRequest, names, needsOneName } from '../links/request.ts';
import { Intent } from '../portal/intent.ts';

// What other Workers send. They may be JavaScript, so all of it is checked.

const subject = names.subject.wrapped;
const customer = names.customer.wrapped;
const needsRoles = 'must be a list of texts.';

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

export const CustomerCall = v.strictObject({ customer });
