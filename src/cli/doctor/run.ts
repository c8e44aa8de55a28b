import { join } from 'node:path';
import open from 'open';
import { readPortalFile } from '../portal/file.ts';
import { OperatorProblem } from '../problem.ts';
import { readTarget, readVariables, type Target, type TargetOptions } from '../target.ts';
import { createWrangler, type Wrangler } from '../wrangler.ts';
import { lookAtWorker } from './cloudflare.ts';
import { examine } from './index.ts';
import type { Finding } from './finding.ts';
import { describe, exitStatus, heading, summary, toJson } from './report.ts';

export type DoctorOptions = TargetOptions & {
  url?: string;
  customer?: string;
  open?: boolean;
  json?: boolean;
};

type Tools = { wrangler: Wrangler; write: (text: string) => void };

const toolsFor = (directory: string): Tools => ({
  wrangler: createWrangler(directory),
  write: (text) => void process.stdout.write(text),
});

/** Examines the Worker and prints each finding as it comes. Returns the exit status. */
export async function runDoctor(
  directory: string,
  options: DoctorOptions,
  { wrangler, write }: Tools = toolsFor(directory),
): Promise<0 | 1 | 2> {
  const url = options.url === undefined ? undefined : addressIn(options.url);
  const target = readTarget(directory, options);
  const print = (line: string) => options.json || write(`${line}\n`);
  print(`${heading(target)}\n`);

  const deployed = target.place === 'remote' ? await lookAtWorker(target, wrangler) : undefined;
  const subject = {
    target,
    url,
    customer: options.customer,
    portalFile: readPortalFile(directory),
    stored: deployed?.kind === 'seen' ? deployed.secrets : new Set<string>(),
    wrangler,
    now: new Date(),
  };
  let session: string | undefined;
  const findings: Finding[] = [];
  const examination = examine(subject, deployed, otherModeKey(target), (made) => (session = made));
  for await (const finding of examination) {
    findings.push(finding);
    print(describe(finding));
  }
  print(`\n${summary(findings)}`);
  if (options.json) write(`${toJson(target, findings)}\n`);
  if (session !== undefined && options.open) await open(session);
  else if (session !== undefined) print(`\nThe session, for your eyes only: ${session}`);
  return exitStatus(findings);
}

function addressIn(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new OperatorProblem('--url: write an address such as https://billing.example.com.');
}

/** The key of another environment tells what was saved in the other mode. */
function otherModeKey({ directory, place }: Target): string | undefined {
  const file = place === 'remote' ? '.dev.vars' : '.dev.vars.production';
  return readVariables(join(directory, file))['STRIPE_SECRET_KEY'];
}
