import * as v from 'valibot';
import { readMigrations } from '../d1.ts';
import { OperatorProblem } from '../problem.ts';
import { databaseTarget, wranglerTarget, type Target } from '../target.ts';
import { listIn, type Wrangler } from '../wrangler.ts';
import { must, type Context } from './context.ts';

/** Makes D1 where there is none, and brings its tables up to date. Returns how many changes. */
export async function settleDatabase(context: Context): Promise<number> {
  const { target, wrangler, dialogue } = context;
  const name = databaseNameOf(target);
  let changes = 0;
  if (!(await dialogue.working('Looking for D1', () => isThere(target, wrangler, name)))) {
    changes += 1;
    if (!(await dialogue.decide(`Create the D1 database ${name}`))) return changes;
    await dialogue.working(`Creating ${name}`, () => createDatabase(target, wrangler, name));
  }
  const migrations = await dialogue.working('Reading its migrations', () =>
    readMigrations(target, wrangler),
  );
  if (migrations.kind === 'failed')
    throw new OperatorProblem(`D1 cannot be read: ${migrations.reason}`);
  const { pending } = migrations;
  if (pending.length === 0) return changes;
  if (await dialogue.decide(`Apply to ${name}: ${pending.join(', ')}`)) {
    const apply = ['d1', 'migrations', 'apply', 'DB', ...databaseTarget(target)];
    must(
      await dialogue.working('Applying migrations', () => wrangler(apply)),
      'The migrations were not applied',
    );
  }
  return changes + 1;
}

/** The local D1 comes into being when it is asked. */
async function isThere(target: Target, wrangler: Wrangler, name: string): Promise<boolean> {
  if (target.place === 'local') return true;
  const result = must(
    await wrangler(['d1', 'list', '--json', ...wranglerTarget(target)]),
    'Cloudflare cannot be asked',
  );
  const databases = listIn(result, v.object({ name: v.string() }));
  if (!databases) throw new OperatorProblem('Wrangler’s list of D1 databases cannot be read.');
  return databases.some((database) => database.name === name);
}

export async function createDatabase(
  target: Target,
  wrangler: Wrangler,
  name: string,
): Promise<void> {
  must(
    await wrangler(['d1', 'create', name, ...wranglerTarget(target)]),
    `${name} was not created`,
  );
}

/** Makes the database before anything is deployed that needs it. */
export async function ensureDatabase(
  target: Target,
  wrangler: Wrangler,
): Promise<'created' | 'there'> {
  const name = databaseNameOf(target);
  if (await isThere(target, wrangler, name)) return 'there';
  await createDatabase(target, wrangler, name);
  return 'created';
}

function databaseNameOf({ databaseName, environment }: Target): string {
  if (databaseName !== undefined) return databaseName;
  const table = environment === undefined ? 'd1_databases' : `env.${environment}.d1_databases`;
  throw new OperatorProblem(
    `wrangler.toml has no [[${table}]] with binding = "DB" and a database_name.`,
  );
}
