/**
 * What a customer's id looks like. Stripe's own begin with `cus_`. Imported customers keep the ids
 * that they had, with spaces, `|` and `:` in them. Nothing here can leave its place in a path.
 */
export const CUSTOMER_ID = /^(?!\.{1,2}$|sub_| )[\w .@+|:~=,;!$&'()*-]{1,255}(?<! )$/;
