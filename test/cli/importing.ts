import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { database, workplace } from './use-workplace.ts';

/** How much an operator's word counts, among what can name a customer's subject. */
export const OPERATOR = 80;

export type Row = {
  id: string;
  email?: string;
  subject?: string;
  evidence?: number;
  deleted?: boolean;
};

/** A statement that writes these customers. */
export const insert = (rows: Row[]) =>
  `insert into customers (id, email, subject, evidence, deleted_at, livemode, created_at,
      sync_ticket, synced_ticket)
    select value ->> 'id', value ->> 'email', value ->> 'subject', value ->> 'evidence',
      iif(value ->> 'deleted', 1, null), 0, 0, 1, 1
    from json_each('${JSON.stringify(rows)}')`;

/** From now on D1 has these customers. */
export const have = async (...rows: Row[]) => database.prepare(insert(rows)).run();

/** Who D1 takes a customer for, and by what evidence. */
export async function subjectOf(id: string) {
  const record = await createOperatorStore(database).record(id);
  return record && [record.subject, record.evidence];
}

export const importing = (...words: string[]) => ['customer', '--import', 'mapping.csv', ...words];

/** Imports these lines, and goes on without a question. */
export async function importLines(lines: string[] | string, ...words: string[]) {
  workplace.write('mapping.csv', typeof lines === 'string' ? lines : `${lines.join('\n')}\n`);
  return workplace.run(importing('--yes', ...words));
}

/** The lines of the file that names what was left out. */
export const notMapped = () => workplace.read('mapping.not-mapped.csv').trimEnd().split('\n');
