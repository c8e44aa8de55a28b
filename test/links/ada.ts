import { beforeEach } from 'vitest';
import { createLinkWorld, signLink, type LinkWorld } from '../signed-links.ts';
import type { Person } from '../world.ts';

/** Of the test that runs. */
export let world: LinkWorld;
export let ada: Person;
/** The token of a link for her. */
export let token: string;

/** Begins each test with a signed link for Ada. */
export function useLinkForAda(): void {
  beforeEach(async () => {
    world = await createLinkWorld();
    ada = await world.somebody();
    token = await signLink({ sub: ada.subject });
  });
}
