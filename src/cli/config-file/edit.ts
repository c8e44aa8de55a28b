import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../files.ts';
import { OperatorProblem } from '../problem.ts';
import { configFileIn } from './find.ts';
import type { Format, TablePath } from './format.ts';
import { formatOf } from './formats.ts';
import { withoutMark } from './read.ts';
import type { Table } from './table.ts';

/**
 * Sets a string or a list in a table of the configuration. All else stays, comments included.
 *
 * @throws OperatorProblem if the file's layout does not allow it
 */
export function setInConfigFile(
  directory: string,
  table: TablePath,
  key: string,
  value: string | string[],
): void {
  const entry = { key, value };
  changeConfigFile(
    directory,
    ({ withEntry }, text) => withEntry(text, table, entry),
    ({ tableName, shown }) => [`into ${tableName(...table)}`, [shown(entry)]],
  );
}

/**
 * Adds an environment.
 *
 * @throws OperatorProblem if the file's layout does not allow it
 */
export function addEnvironment(directory: string, name: string, environment: Table): void {
  changeConfigFile(
    directory,
    ({ withEnvironment }, text) => withEnvironment(text, name, environment),
    (format) => format.newEnvironment(name, environment),
  );
}

/**
 * Changes the text of the configuration.
 *
 * @param change  undefined if the layout does not allow it
 * @param byHand  where the operator has to write what, if so
 * @throws OperatorProblem with that
 */
export function changeConfigFile(
  directory: string,
  change: (format: Format, text: string) => string | undefined,
  byHand: (format: Format, text: string) => [place: string, lines: readonly string[]],
): void {
  const file = configFileIn(directory);
  const format = formatOf(file);
  const path = join(directory, file);
  const before = readFileSync(path, 'utf8');
  const text = withoutMark(before);
  const after = change(format, text);
  if (after !== undefined) {
    replaceFile(path, before.slice(0, before.length - text.length) + after);
    return;
  }
  const [place, lines] = byHand(format, text);
  throw new OperatorProblem(
    `Setup cannot change this layout. Put this into ${file} yourself, ${place}:\n${lines.join('\n')}`,
  );
}
