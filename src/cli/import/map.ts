import type { ImportStore } from '../../customers/stores/imports.ts';
import type { Shell } from '../shell.ts';
import { forEachPage, pagesOf } from './pages.ts';
import type { Found } from './plan.ts';
import { refuse, type Refusal } from './read-file.ts';

/**
 * Maps customers in D1. D1 itself sees to it that nobody is remapped unless that is wanted,
 * whatever has happened since the plan.
 *
 * @returns those that were not mapped after all
 * @throws BillingError, Cancelled
 */
export async function mapCustomers(
  shell: Shell,
  changes: Found[],
  store: ImportStore,
  livemode: boolean,
  replaces: boolean,
): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  await forEachPage(shell, livemode, pagesOf(changes), 'mapped', async (page) => {
    const references = page.map(({ id, subject }) => ({ id, subject }));
    const mapped = new Set(await store.map(references, livemode, replaces));
    const others = page.filter(({ id }) => !mapped.has(id));
    refused.push(...others.map((row) => refuse(row, CHANGED)));
  });
  return refused;
}

const CHANGED = 'it was mapped or deleted in the meantime: run the import again';
