import type { Target } from '../target.ts';

/** The steps of setup, to show before the first question. */
export function planFor({ place }: Target): string[] {
  const isRemote = place === 'remote';
  return [
    isRemote ? 'Your accounts at Cloudflare and Stripe' : 'Your account at Stripe',
    'How people sign in to your site',
    ...(isRemote ? ['Where the Worker has to be, so that it recognises them'] : []),
    'How your customers at Stripe know their user',
    'Secrets, database, webhook and portal: you see each change before it is made',
    ...(isRemote ? ['Deploy'] : []),
  ];
}
