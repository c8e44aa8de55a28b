/**
 * What an id at Stripe looks like. Imported customers keep the ids that they had, with spaces, `|`
 * and `:` in them. Nothing here can leave its place in a path.
 */
export const STRIPE_ID = /^(?!\.{1,2}$| )[\w .@+|:~=,;!$&'()*-]{1,255}(?<! )$/;

/** A customer's id: most begin with `cus_`. One of a subscription is a mistake. */
export const CUSTOMER_ID = /^(?!sub_|\.{1,2}$| )[\w .@+|:~=,;!$&'()*-]{1,255}(?<! )$/;
