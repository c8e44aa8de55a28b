import { afterEach, beforeEach } from 'vitest';
import { openHealthyWorkplace } from './diagnose.ts';
import { migratedDatabase } from './migrated-database.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** Of the test that runs. */
export let workplace: Workplace;
/** The local D1 in it, without rows at first, where the file uses a workplace that has one. */
export let database: D1Database;

type Prepare = (opened: Workplace) => unknown;

/**
 * Opens a new workplace before each test, and closes it afterwards.
 *
 * @param prepare  what each test needs in it
 */
export function useWorkplace(prepare?: Prepare): void {
  use(async () => openWorkplace(), prepare);
}

/** The same with a local D1 that has its tables. */
export function useWorkplaceWithD1(prepare?: Prepare): void {
  use(async () => {
    database = await migratedDatabase();
    return openWorkplace(database);
  }, prepare);
}

/** The same with one in which doctor finds nothing wrong. */
export function useHealthyWorkplace(prepare?: Prepare): void {
  use(async () => {
    database = await migratedDatabase();
    return openHealthyWorkplace(database);
  }, prepare);
}

function use(open: () => Promise<Workplace>, prepare: Prepare = () => {}): void {
  beforeEach(async () => {
    workplace = await open();
    await prepare(workplace);
  });
  afterEach(async () => workplace.close());
}
