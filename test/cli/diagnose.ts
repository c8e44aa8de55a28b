import { stripVTControlCharacters } from 'node:util';
import { vi } from 'vitest';
import { runDoctor, type DoctorOptions } from '../../src/cli/doctor/run.ts';
import { setUpWorker, type SetupOptions } from '../../src/cli/setup/index.ts';
import { createWrangler, type Wrangler } from '../../src/cli/wrangler.ts';
import { fillIn, fillInBusiness, openWorkplace, type Workplace } from './workplace.ts';

export type Diagnosis = {
  status: number;
  checks: { check: string; outcome: string; found: string; why: string; next: string | null }[];
};

/** Wrangler's own answers about this folder's D1, each asked for once. */
function rememberAnswers(directory: string): Wrangler {
  const wrangler = createWrangler(directory);
  const answers = new Map<string, ReturnType<Wrangler>>();
  return async (args, input) => {
    const key = args.join(' ');
    const answer = answers.get(key) ?? wrangler(args, input);
    answers.set(key, answer);
    return answer;
  };
}

/** A D1 that has its tables, and wrangler's answers about it. */
export async function migratedDatabase(): Promise<{
  wrangler: Wrangler;
  close: () => Promise<void>;
}> {
  const workplace = await openWorkplace();
  const migrate = ['d1', 'migrations', 'apply', 'DB', '--local', '--env', ''];
  await createWrangler(workplace.directory)(migrate);
  const wrangler = rememberAnswers(workplace.directory);
  return { wrangler, close: async () => workplace.close() };
}

/** A workplace in which doctor finds nothing wrong. */
export async function openHealthyWorkplace(wrangler: Wrangler): Promise<Workplace> {
  const workplace = await openWorkplace();
  fillIn(workplace);
  fillInBusiness(workplace);
  workplace.configure({ PUBLIC_ORIGIN: workplace.origin });
  workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
  await setUp(workplace, wrangler);
  return workplace;
}

/** Setup in this process, which is quicker. Returns what it printed. */
export async function setUp(
  { directory }: Workplace,
  wrangler: Wrangler,
  options: SetupOptions = {},
): Promise<string> {
  let printed = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += stripVTControlCharacters(String(text));
    return true;
  });
  try {
    await setUpWorker(directory, { yes: true, ...options }, wrangler);
  } finally {
    write.mockRestore();
  }
  return printed;
}

/** What doctor reports, read from its JSON. */
export async function diagnose(
  { directory }: Workplace,
  wrangler: Wrangler,
  options: DoctorOptions = {},
): Promise<Diagnosis> {
  let printed = '';
  const write = (text: string) => void (printed += text);
  await runDoctor(directory, { ...options, json: true }, { wrangler, write });
  return JSON.parse(printed);
}

/** The checks that are not well, each with its outcome. */
export const troubles = ({ checks }: Diagnosis) =>
  checks
    .filter(({ outcome }) => outcome === 'warning' || outcome === 'failure')
    .map(({ check, outcome }) => `${check}: ${outcome}`);
