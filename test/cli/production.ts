import {
  ADDRESS,
  fillIn,
  fillInBusiness,
  openWorkplace,
  type Run,
  type Workplace,
} from './workplace.ts';

/** The Worker of the top level of wrangler.toml. */
export const WORKER = 'portal-link';

/** A workplace with its settings filled in, and what the soak tests do in it. */
export async function openProduction() {
  const workplace = await openWorkplace();
  fillIn(workplace);
  fillInBusiness(workplace);
  return withCommands(workplace);
}

export type Production = Awaited<ReturnType<typeof openProduction>>;

function withCommands(workplace: Workplace) {
  const key = { STRIPE_SECRET_KEY: workplace.key };
  const script = () => workplace.cloudflare.scripts.get(WORKER);
  /** What was deployed as a setting. */
  const setting = (name: string) => script()!.bindings.find((each) => each.name === name)?.text;
  return {
    ...workplace,
    setup: async (given: Record<string, string> = {}, ...more: string[]) =>
      workplace.run(['setup', '--remote', '--yes', '--url', ADDRESS, ...more], {
        ...key,
        ...given,
      }),
    doctor: async (given: Record<string, string> = key) =>
      workplace.run(['doctor', '--remote', '--json', '--url', ADDRESS], given),
    endpoints: () => [...workplace.stripe.state.webhookEndpoints.values()],
    script,
    /** What the Worker stores at Cloudflare. */
    secrets: () => Object.fromEntries(script()!.secrets),
    setting,
    /** The id of the default portal that was deployed. */
    portal: (): string => JSON.parse(setting('PORTALS')!).at(-1).id,
  };
}

/** The outcome of each check, by its name. */
export const outcomes = ({ stdout }: Run): Record<string, string> =>
  Object.fromEntries(
    JSON.parse(stdout).checks.map((each: { check: string; outcome: string }) => [
      each.check,
      each.outcome,
    ]),
  );
