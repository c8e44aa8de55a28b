// npm run bench [group …] [--rounds number] [--json]
import { parseArgs } from 'node:util';
import { endToEnd } from './end-to-end.ts';
import { growth } from './growth.ts';
import { limitRounds } from './measure.ts';
import { redirect } from './redirect.ts';
import { table, type Group } from './report.ts';
import { start } from './start.ts';
import { webhooks } from './webhooks.ts';

const groups: Record<string, () => Promise<Group>> = {
  redirect,
  'end-to-end': endToEnd,
  start,
  growth,
  webhooks,
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in groups));
if (unknown.length > 0) {
  console.error(
    `No such group: ${unknown.join(', ')}. There are: ${Object.keys(groups).join(', ')}.`,
  );
  process.exit(1);
}
if (values.rounds !== undefined) {
  const rounds = Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1) {
    console.error('--rounds takes a whole number, at least 1.');
    process.exit(1);
  }
  limitRounds(rounds);
}
const results: Group[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(groups)) {
  const group = await groups[name]!();
  results.push(group);
  if (!values.json) console.log(table([group]));
}
if (values.json) console.log(JSON.stringify(results, null, 2));
process.exit(0);
