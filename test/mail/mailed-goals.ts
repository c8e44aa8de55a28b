import { beforeEach } from 'vitest';
import { createEmailWorld, tokenIn } from './email-world.ts';
import type { LinkWorld } from '../signed-links.ts';
import { SIGNED_OUT, type Person } from '../world.ts';

export const CANCEL = 'flow=subscription_cancel';

export let world: LinkWorld;
export let ada: Person;
export let address: string;

/** Begins each test with Ada, in a world where nobody signs in but by e-mail. */
export function useMailedGoals(): void {
  beforeEach(async () => {
    ({ world, ada, address } = await createEmailWorld());
    world.configure({ SIGN_IN_URL: '' });
  });
}

export const visit = async (path: string) => world.visit(path, { headers: SIGNED_OUT });

/** The field of the page's form that says what the visitor came for. */
export const goalOn = async (path: string) => {
  const html = await (await visit(path)).text();
  const [form = ''] = /<form method="post".*?<\/form>/s.exec(html) ?? [];
  return /name="to" value="([^"]*)"/.exec(form)?.[1]?.replaceAll('&amp;', '&');
};

/** Comes to an address of ours, and signs in by e-mail in another browser. */
export async function mailedLink(path: string, of = address): Promise<string> {
  const signIn = (await visit(path)).headers.get('location') ?? '';
  const to = await goalOn(signIn);
  await world.ask({ address: of, ...(to !== undefined && { to }) });
  return lastToken();
}

export const lastToken = () => tokenIn(world.mailbox.mails.at(-1)!.text);
export const sessionMade = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters;
