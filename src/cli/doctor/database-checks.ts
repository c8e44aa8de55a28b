/** The checks of D1. */
export const databaseChecks = {
  database_migrations: {
    title: 'D1 migrations',
    why: 'Without its tables, the Worker finds no customer.',
  },
  database_fill: {
    title: 'D1 rows',
    why: 'The cron job reads all customers once; until then, the Worker searches Stripe for the others.',
  },
  database_mapping: {
    title: 'Whose customers',
    why: 'Somebody whose customer D1 maps to nobody reads that a purchase comes first.',
  },
  database_conflicts: {
    title: 'Conflicts',
    why: 'Nobody is guessed to be the customer: until it is settled, a customer without a mapping stays without one.',
  },
  database_account: {
    title: 'Stripe account of D1',
    why: 'Customers of one Stripe account do not exist for a key of another: their links fail.',
  },
} as const satisfies Record<string, { title: string; why: string }>;
