import type { OnStatement } from '../database.ts';
import { createCursorStore } from './cursors.ts';
import { createCustomerStore } from './customers.ts';
import { createListedStore } from './listed.ts';
import { createMailStore } from './mails.ts';
import { createNameStore } from './names.ts';
import { createSearchStore } from './searches.ts';
import { createSyncStore } from './syncs.ts';

export type Stores = ReturnType<typeof createStores>;

/** The stores of customers, over one database. `onStatement` is called for each statement. */
export function createStores(database: D1Database, onStatement?: OnStatement) {
  return {
    customers: createCustomerStore(database, onStatement),
    syncs: createSyncStore(database, onStatement),
    listed: createListedStore(database, onStatement),
    names: createNameStore(database, onStatement),
    searches: createSearchStore(database, onStatement),
    mails: createMailStore(database, onStatement),
    cursors: createCursorStore(database, onStatement),
  };
}
