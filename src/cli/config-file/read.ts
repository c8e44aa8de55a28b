import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorProblem } from '../problem.ts';
import { configFileIn } from './find.ts';
import { formatOf } from './formats.ts';
import type { Table } from './table.ts';

/**
 * The configuration as it is written, without what Wrangler adds.
 *
 * @throws OperatorProblem if it cannot be read
 */
export function readConfig(directory: string): Table {
  const file = configFileIn(directory);
  return tableIn(file, readFileSync(join(directory, file), 'utf8'));
}

/** @throws OperatorProblem that says where the text of this file is wrong */
export function tableIn(file: string, text: string): Table {
  try {
    return formatOf(file).read(withoutMark(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new OperatorProblem(`${file} cannot be read. ${error.message}`);
  }
}

/** Parsers take a byte order mark for a part of the first word. */
export const withoutMark = (text: string) => text.replace(/^\uFEFF/, '');
