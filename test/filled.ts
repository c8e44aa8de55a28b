import { FILL_START } from '../src/customers/fill.ts';

/** The cursors of an account whose first fill is complete. */
export const FILLED = FILL_START.map(([list]) => [list, 'done'] as const);
