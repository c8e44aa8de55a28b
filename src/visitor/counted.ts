import type { Services } from '../services.ts';

/**
 * The same services for one visit, which counts once against the limit of sessions, however often
 * it calls Stripe.
 */
export function countingOnce(services: Services): Services {
  const counting = new Map<string, Promise<void>>();
  const session = async (name: string): Promise<void> => {
    const counted = counting.get(name) ?? services.limits.session(name);
    counting.set(name, counted);
    return counted;
  };
  return { ...services, limits: { ...services.limits, session } };
}
