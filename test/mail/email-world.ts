import { skipPauses } from '../clock.ts';
import { createLinkWorld } from '../signed-links.ts';

/** A Worker that mails links, and a customer with an address. */
export async function createEmailWorld() {
  // Mails are made a moment after the response.
  skipPauses(100);
  const world = await createLinkWorld();
  const ada = await world.somebody();
  return { world, ada, address: `${ada.subject}.1@example.com` };
}

/** The token of the link in a mail. */
export const tokenIn = (text: string) => /(?<=token=)[\w.-]+/.exec(text)?.[0] ?? '';

/** A page without what differs each time. */
export const bare = (html: string) => html.replaceAll(/nonce="[^"]*"/g, '');
