// npm run bench [group …] [--quick] [--json]
import { parseArgs } from 'node:util';
import { endToEnd } from './end-to-end.ts';
import { growth } from './growth.ts';
import { isolate } from './isolate.ts';
import { hurry } from './measure.ts';
import { redirect } from './redirect.ts';
import { table, type Group } from './report.ts';
import { start } from './start.ts';
import { waits } from './waits.ts';
import { webhooks } from './webhooks.ts';

const groups: Record<string, () => Promise<Group>> = {
  redirect,
  'end-to-end': endToEnd,
  start,
  isolate,
  waits,
  growth,
  webhooks,
};

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in groups));
if (unknown.length > 0) {
  console.error(
    `No such group: ${unknown.join(', ')}. There are: ${Object.keys(groups).join(', ')}.`,
  );
  process.exit(1);
}
if (values.quick) hurry();
const results: Group[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(groups)) {
  const group = await groups[name]!();
  results.push(group);
  if (!values.json) console.log(table([group]));
}
if (values.json) console.log(JSON.stringify(results, null, 2));
process.exit(0);
