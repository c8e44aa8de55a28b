import { wrapAnsi } from 'fast-wrap-ansi';
import { styleText } from 'node:util';
import { VERSION } from '../../version.ts';
import { printableLines } from '../printable.ts';
import type { Target } from '../target.ts';
import { checks } from './checks.ts';
import type { Finding, Outcome } from './finding.ts';

const INDENT = 28;
const WIDTH = 110;

const marks: Record<Outcome, string> = {
  ok: styleText('green', '✓'),
  warning: styleText('yellow', '!'),
  failure: styleText('red', '✗'),
  skipped: styleText('dim', '–'),
};

/** A finding for people: what was found, why it matters, what to do next. */
export function describe({ check, outcome, found, next }: Finding): string {
  const { title, why } = checks[check];
  const text = printableLines(found);
  const detail = outcome === 'skipped' ? styleText('dim', text) : text;
  const line = `${marks[outcome]} ${title.padEnd(INDENT - 2)}${hanging(detail)}`;
  if (next === undefined) return line;
  const advice = [
    styleText('dim', `Why:  ${why}`),
    `${styleText('bold', 'Next:')} ${printableLines(next)}`,
  ];
  return [line, ...advice.map((each) => ' '.repeat(INDENT) + hanging(each))].join('\n');
}

/** Wraps what stands beside the titles, so that it stays beside them. */
function hanging(text: string): string {
  const columns = Math.min(process.stdout.columns || WIDTH, WIDTH) - INDENT;
  return wrapAnsi(text, Math.max(columns, 20)).replaceAll('\n', `\n${' '.repeat(INDENT)}`);
}

export function heading({ place, environment, workerName }: Target): string {
  const where =
    place === 'local' ? 'on this machine' : `at Cloudflare${environment ? `, ${environment}` : ''}`;
  const release = styleText('dim', `(portal-link ${VERSION})`);
  return `${styleText('bold', `${workerName} ${where}`)} ${release}`;
}

export function summary(findings: readonly Finding[]): string {
  const count = (outcome: Outcome) =>
    findings.filter((finding) => finding.outcome === outcome).length;
  const parts = [
    `${count('failure')} ✗`,
    `${count('warning')} !`,
    `${count('ok')} ✓`,
    ...(count('skipped') > 0 ? [`${count('skipped')} not looked at`] : []),
  ];
  return parts.join(', ');
}

export type ExitStatus = 0 | 1 | 2 | 3;

/** 0 when all is well, 1 with warnings, 2 with failures, 3 if what is deployed answers wrongly. */
export function exitStatus(findings: readonly Finding[]): ExitStatus {
  const failures = findings.filter(({ outcome }) => outcome === 'failure');
  // Only these can come from a deploy, and go with a rollback.
  if (failures.some(({ check }) => check.startsWith('deployment_'))) return 3;
  if (failures.length > 0) return 2;
  return findings.some(({ outcome }) => outcome === 'warning') ? 1 : 0;
}

/** The report for programs. Names are added to it, never changed or taken away. */
export function toJson(target: Target, findings: readonly Finding[]): string {
  const { workerName, place, environment = null } = target;
  const status = exitStatus(findings);
  const report = {
    version: 1,
    release: VERSION,
    worker: workerName,
    place,
    environment,
    status,
    checks: findings.map(({ check, outcome, found, next = null }) => ({
      check,
      outcome,
      found,
      why: checks[check].why,
      next,
    })),
  };
  return JSON.stringify(report, null, 2);
}
