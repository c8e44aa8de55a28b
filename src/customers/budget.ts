/**
 * Counts the subrequests of one invocation, which Cloudflare limits to 50 on the free plan.
 * Stripe's calls and D1's statements count alike.
 * https://developers.cloudflare.com/workers/platform/limits/#subrequests
 */
export type Budget = {
  spend: () => void;
  /** Whether a step that may cost so many can be begun. */
  allows: (subrequests: number) => boolean;
  /** A part of what is left, to be spent by one kind of work. */
  share: (part: number) => Budget;
};

export function createBudget(limit: number): Budget {
  let spent = 0;
  const upTo = (ceiling: number): Budget => ({
    spend: () => {
      spent += 1;
    },
    allows: (subrequests) => spent + subrequests <= ceiling,
    share: (part) => upTo(spent + Math.floor((ceiling - spent) * part)),
  });
  return upTo(limit);
}
