import { isTable, tablesIn, type Table, type Value } from './table.ts';
import { toKeys, toPair } from './toml-entry.ts';

/** TOML that defines [env.NAME], and nothing else. */
export function environmentText(name: string, environment: Table): string {
  const lines = [
    `# A second Worker: \`--env ${name}\` on each command. Its settings are explained above.`,
  ];
  const header = (...keys: string[]) => toKeys(['env', name, ...keys]);
  const entries = Object.entries(environment);
  const plain = Object.fromEntries(entries.filter(([, value]) => isPlain(value)));
  if (Object.keys(plain).length > 0) lines.push(`[${header()}]`, ...pairs(plain), '');
  for (const [key, value] of entries) {
    if (isTable(value)) lines.push(`[${header(key)}]`, ...pairs(value), '');
    for (const item of tablesIn(value)) {
      lines.push(`[[${header(key)}]]`, ...pairs(item), '');
    }
  }
  return lines.join('\n');
}

const isPlain = (value: Value) => !isTable(value) && tablesIn(value).length === 0;

const pairs = (table: Table) => Object.entries(table).map(([key, value]) => toPair({ key, value }));
