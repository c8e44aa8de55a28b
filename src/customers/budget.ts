/**
 * Counts the subrequests of one invocation, which Cloudflare limits to 50 on the free plan.
 * Calls to Stripe and statements for D1 both count.
 * https://developers.cloudflare.com/workers/platform/limits/#subrequests
 */
export type Budget = {
  spend: () => void;
  /** Whether a step that costs up to so many subrequests may begin. */
  allows: (subrequests: number) => boolean;
  /** A budget for one kind of work: a part of what is left. */
  share: (part: number) => Budget;
  /** The same budget, but for so many subrequests that other work needs. */
  reserve: (subrequests: number) => Budget;
};

export function createBudget(limit: number): Budget {
  let spent = 0;
  const upTo = (ceiling: number): Budget => ({
    spend: () => {
      spent += 1;
    },
    allows: (subrequests) => spent + subrequests <= ceiling,
    share: (part) => upTo(spent + Math.floor((ceiling - spent) * part)),
    reserve: (subrequests) => upTo(ceiling - subrequests),
  });
  return upTo(limit);
}
