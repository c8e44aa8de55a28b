import { join } from 'node:path';
import open from 'open';
import { createCustomerStore } from '../../customers/stores/customers.ts';
import { createCursorStore } from '../../customers/stores/cursors.ts';
import { createOperatorStore } from '../../customers/stores/operator.ts';
import { readPortalFile } from '../portal/file.ts';
import { OperatorProblem } from '../problem.ts';
import type { Shell } from '../shell.ts';
import { readTarget, setupCommand, type Target, type TargetOptions } from '../target.ts';
import { readVariables } from '../variables.ts';
import { lookAtCounters } from '../cloudflare/counters.ts';
import { lookAtWorker } from '../cloudflare/workers.ts';
import { examine } from './index.ts';
import type { Finding } from './finding.ts';
import { describe, exitStatus, heading, summary, toJson, type ExitStatus } from './report.ts';
import { examineStatic, impliedSecrets } from './static.ts';
import type { Database, Subject } from './subject.ts';

export type DoctorOptions = TargetOptions & {
  url?: string;
  customer?: string;
  open?: boolean;
  json?: boolean;
  static?: boolean;
};

/** Examines the Worker and prints each finding as soon as it is known. Returns the exit status. */
export async function runDoctor(shell: Shell, options: DoctorOptions): Promise<ExitStatus> {
  if (options.static) return runStatic(shell, options);
  const { directory, environment, print } = shell;
  const url = options.url === undefined ? undefined : addressIn(options.url);
  const target = readTarget(directory, environment, options);
  const printLine = (line: string) => options.json || print(`${line}\n`);
  printLine(`${heading(target)}\n`);

  const deployed = target.place === 'remote' ? await lookAtWorker(shell, target) : undefined;
  const { close, ...database } = await openDatabase(shell, target);
  const subject = {
    target,
    url,
    customer: options.customer,
    portalFile: readPortalFile(directory),
    stored: deployed?.kind === 'seen' ? deployed.secrets : new Set<string>(),
    database,
    counters: await lookAtCounters(shell, target, deployed),
    fetch: shell.fetch,
    now: new Date(),
  };
  let session: string | undefined;
  const findings: Finding[] = [];
  try {
    const otherKey = otherModeKey(target);
    for await (const finding of examine(subject, deployed, otherKey, (made) => (session = made))) {
      findings.push(finding);
      printLine(describe(finding));
    }
  } finally {
    await close();
  }
  printLine(`\n${summary(findings)}`);
  if (options.json) print(`${toJson(target, findings)}\n`);
  if (session !== undefined && options.open) await open(session);
  else if (session !== undefined) printLine(`\nThe session. Keep this address secret: ${session}`);
  return exitStatus(findings);
}

/** Examines the files of the deployed Worker alone. */
function runStatic({ directory, environment, print }: Shell, options: DoctorOptions): ExitStatus {
  const target = readTarget(directory, environment, { ...options, remote: true });
  const subject: Subject = {
    target,
    url: undefined,
    customer: undefined,
    portalFile: readPortalFile(directory),
    stored: impliedSecrets(target),
    database: { kind: 'unbound' },
    counters: { kind: 'seen', workers: new Map() },
    fetch,
    now: new Date(),
  };
  const findings = [...examineStatic(subject)];
  const lines = [`${heading(target)}\n`, ...findings.map(describe), `\n${summary(findings)}`];
  print(options.json ? `${toJson(target, findings)}\n` : `${lines.join('\n')}\n`);
  return exitStatus(findings);
}

const close = async () => {};

type Closable = Database & { close: () => Promise<void> };

/** A database that cannot be opened is a finding, not the end of the command. */
async function openDatabase(shell: Shell, target: Target): Promise<Closable> {
  if (target.databaseName === undefined) return { kind: 'unbound', close };
  try {
    const opened = await shell.openDatabase(shell, target);
    if (opened.kind === 'open') {
      const { database } = opened;
      const stores = {
        operator: createOperatorStore(database, target.migrationsTable),
        cursors: createCursorStore(database),
        customers: createCustomerStore(database),
      };
      return { kind: 'open', ...stores, close: opened.close };
    }
    const reason = `Cloudflare has no database ${opened.name}. Run ${setupCommand(target)}.`;
    return { kind: 'closed', reason, close };
  } catch (error) {
    if (!(error instanceof OperatorProblem)) throw error;
    return { kind: 'closed', reason: error.message, close };
  }
}

function addressIn(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new OperatorProblem('--url: write an address such as https://billing.example.com.');
}

/** The key of the other mode shows whether the portal was saved in that mode instead. */
function otherModeKey({ directory, place }: Target): string | undefined {
  const file = place === 'remote' ? '.dev.vars' : '.dev.vars.production';
  return readVariables(join(directory, file))['STRIPE_SECRET_KEY'];
}
