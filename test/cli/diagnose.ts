import { EVENT_TYPES } from '../../src/customers/events.ts';
import { API_VERSION } from '../../src/stripe/client.ts';
import { runDoctor, type DoctorOptions } from '../../src/cli/doctor/run.ts';
import { runSetup } from '../../src/cli/setup/index.ts';
import type { SetupOptions } from '../../src/cli/setup/options.ts';
import { ADDRESS, fillIn, fillInBusiness, openWorkplace, type Workplace } from './workplace.ts';

export type Diagnosis = {
  status: number;
  checks: { check: string; outcome: string; found: string; why: string; next: string | null }[];
};

/** A workplace in which doctor finds nothing wrong. */
export async function openHealthyWorkplace(database: D1Database): Promise<Workplace> {
  const workplace = await openWorkplace(database);
  fillIn(workplace);
  fillInBusiness(workplace);
  workplace.configure({ PUBLIC_ORIGIN: workplace.origin });
  workplace.edit('portal.toml', { default_return_url: `${ADDRESS}/billing` });
  const { id, secret } = await workplace.api.webhookEndpoints.create({
    url: `${ADDRESS}/api/stripe/webhook`,
    enabled_events: EVENT_TYPES,
    api_version: API_VERSION,
  });
  // Stripe takes no address of this machine, where the doctor's requests are answered.
  workplace.stripe.state.webhookEndpoints.get(id)!.url = `${workplace.origin}/api/stripe/webhook`;
  workplace.write(
    '.dev.vars',
    `STRIPE_SECRET_KEY=${workplace.key}\nSTRIPE_WEBHOOK_SECRET=${secret}\n`,
  );
  await setUp(workplace);
  return workplace;
}

/** Runs setup. Returns what it printed, or throws what has ended it. */
export async function setUp(
  { createShell }: Workplace,
  options: SetupOptions = {},
  given: Record<string, string> = {},
): Promise<string> {
  const { shell, printed } = createShell(given);
  await runSetup(shell, { yes: true, ...options });
  return printed.output;
}

/** What doctor reports for programs. */
export async function diagnose(
  { createShell }: Workplace,
  options: DoctorOptions = {},
): Promise<Diagnosis> {
  const { shell, printed } = createShell();
  await runDoctor(shell, { ...options, json: true });
  return JSON.parse(printed.stdout);
}

/** The checks that are not well, each with its outcome. */
export const troubles = ({ checks }: Diagnosis) =>
  checks
    .filter(({ outcome }) => outcome === 'warning' || outcome === 'failure')
    .map(({ check, outcome }) => `${check}: ${outcome}`);
