import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { comparable, isAddress } from '../../mail/address.ts';
import { CUSTOMER_ID } from '../../stripe/ids.ts';
import { OperatorProblem } from '../problem.ts';

/** What a file names customers by. */
export type By = 'customer' | 'email';

/** A line that gives a customer, by id or address, to a subject. */
export type Row = { line: number; named: string; subject: string };

/** A line that maps nobody, and why. */
export type Refusal = Row & { reason: string };

export const refuse = ({ line, named, subject }: Row, reason: string): Refusal => ({
  line,
  named,
  subject,
  reason,
});

export type MappingFile = {
  name: string;
  by: By;
  bytes: Uint8Array;
  rows: Row[];
  refusals: Refusal[];
  /** Lines that say again what another has said. */
  repeated: number;
};

// Stripe's limit for a value in metadata: https://docs.stripe.com/metadata
const LONGEST_SUBJECT = 500;

// Several times what a line can need. Otherwise a quote left open takes the rest of the file.
const LONGEST_LINE = 4_000;

/** @throws OperatorProblem if it is no such file; lines that cannot be used are `refusals` */
export function readMappingFile(path: string): MappingFile {
  const name = basename(path);
  const bytes = readBytes(path);
  const [header, ...lines] = linesIn(decode(bytes, name), name);
  if (!header) throw new OperatorProblem(`${name} is empty.`);
  const titles = header.values.map((title) => title.toLowerCase());
  const by = (['customer', 'email'] as const).find((each) => titles.includes(each));
  if (!by || titles.length !== 2 || !titles.includes('subject')) {
    throw new OperatorProblem(
      `The first line of ${name} has to be \`customer,subject\` or \`email,subject\`. It is \`${header.values.join(',').slice(0, 80)}\`.`,
    );
  }
  const rows: Row[] = [];
  const refusals: Refusal[] = [];
  for (const { line, values } of lines) {
    const row = {
      line,
      named: values[titles.indexOf(by)] ?? '',
      subject: values[titles.indexOf('subject')] ?? '',
    };
    const reason = problemOf(row, values.length, by);
    if (reason === undefined) rows.push(row);
    else refusals.push(refuse(row, reason));
  }
  return { name, by, bytes, ...withoutContradictions(rows, refusals, by) };
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason =
      code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${String(code)})`;
    throw new OperatorProblem(`${path}: ${reason}.`);
  }
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new OperatorProblem(`${name} is not in UTF-8. Save it as “CSV UTF-8”.`);
  }
}

type Line = { line: number; values: string[] };

function linesIn(text: string, name: string): Line[] {
  const lines: Line[] = [];
  try {
    parse(text, {
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: LONGEST_LINE,
      on_record: (values: string[], { lines: line }) => {
        lines.push({ line, values });
        return null;
      },
    });
    return lines;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new OperatorProblem(`${name}, line ${String(error['lines'])}: ${explain(error)}`);
  }
}

function explain({ code }: CsvError): string {
  switch (code) {
    case 'CSV_MAX_RECORD_SIZE':
      return `it is longer than ${LONGEST_LINE} bytes. Is a quote left open?`;
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is left open.';
    default:
      return 'its quotes cannot be read. Put the whole value between quotes, and double those in it.';
  }
}

function problemOf({ named, subject }: Row, columns: number, by: By): string | undefined {
  if (columns !== 2) return `it has ${columns} columns instead of 2`;
  if (by === 'customer' && !CUSTOMER_ID.test(named)) return 'this is no id of a customer';
  if (by === 'email' && !isAddress(named)) return 'this is no e-mail address';
  if (subject.trim() === '') return 'it names no subject';
  if (subject.length > LONGEST_SUBJECT) return `the subject is longer than ${LONGEST_SUBJECT}`;
  return /\p{Cc}/u.test(subject) ? 'the subject has control characters' : undefined;
}

/** Lines that name two subjects for one customer are all refused: which is right is unknown. */
function withoutContradictions(all: Row[], refusals: Refusal[], by: By) {
  const byName = Map.groupBy(all, ({ named }) => (by === 'email' ? comparable(named) : named));
  const rows: Row[] = [];
  const refused = [...refusals];
  for (const group of byName.values()) {
    const [first] = group;
    const other = group.find(({ subject }) => subject !== first?.subject);
    if (first && !other) rows.push(first);
    for (const row of other ? group : []) {
      const opposite = row.subject === first?.subject ? other : first;
      refused.push(refuse(row, `line ${opposite?.line} names another subject`));
    }
  }
  const repeated = all.length - rows.length - (refused.length - refusals.length);
  return { rows, refusals: refused.toSorted((a, b) => a.line - b.line), repeated };
}
