import type { Account } from '../stripe/identity-provider.ts';

/** Who can sign in at the stand-in, and what each of them shows. */
export const accounts = [
  {
    subject: 'subscriber',
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    shows: 'One subscription: the link leads straight to the portal.',
  },
  {
    subject: 'newcomer',
    email: 'grace@example.com',
    name: 'Grace Hopper',
    shows: 'Nothing bought yet: a page says that a purchase comes first.',
  },
  {
    subject: 'debtor',
    email: 'mary@example.com',
    name: 'Mary Somerville',
    shows: 'The last payment failed: the page leads to the invoice.',
  },
  {
    subject: 'agency',
    email: 'billing@agency.example.com',
    name: 'Example Agency',
    shows: 'Two customers: the billing page offers the choice.',
  },
] satisfies Account[];

export type DemoCustomer = { subject: string; name: string; email: string; owes?: boolean };

/** The Stripe customers of each account. */
export const demoCustomers: DemoCustomer[] = [
  { subject: 'subscriber', name: 'Ada Lovelace', email: 'ada@example.com' },
  { subject: 'debtor', name: 'Mary Somerville', email: 'mary@example.com', owes: true },
  { subject: 'agency', name: 'Agency: client North', email: 'north@agency.example.com' },
  { subject: 'agency', name: 'Agency: client South', email: 'south@agency.example.com' },
];
