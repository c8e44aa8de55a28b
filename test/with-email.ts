import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { parse, stringify, type TomlTable } from 'smol-toml';

// What ties a clone to the operator's account and addresses.
const OWN = ['account_id', 'route', 'routes', 'env'];

/** wrangler.toml as it comes with portal-link: without what an operator has filled in. */
export function pristine(text: string): TomlTable {
  const config = parse(text);
  for (const name of OWN) delete config[name];
  const settings = Object.keys(config['vars'] as TomlTable);
  config['vars'] = Object.fromEntries(settings.map((name) => [name, '']));
  for (const database of config['d1_databases'] as TomlTable[]) delete database['database_id'];
  return config;
}

export type Workspace = {
  folder: string;
  /** The pristine wrangler.toml, with what was added. */
  configPath: string;
  remove: () => Promise<void>;
};

/**
 * Makes a folder for one run of the built Worker, so that runs at the same time do not disturb
 * each other. With the binding EMAIL, wrangler writes mails into the folder instead of sending
 * them.
 */
export async function createWorkspace(
  additions: TomlTable = { send_email: [{ name: 'EMAIL' }] },
): Promise<Workspace> {
  const config = { ...pristine(await readFile('wrangler.toml', 'utf8')), ...additions };
  config['main'] = `../../${config['main'] as string}`;
  for (const database of config['d1_databases'] as TomlTable[]) {
    database['migrations_dir'] = `../../${database['migrations_dir'] as string}`;
  }
  const aliases = Object.entries(config['alias'] as Record<string, string>);
  config['alias'] = Object.fromEntries(aliases.map(([from, to]) => [from, `../../${to}`]));
  await mkdir('.wrangler', { recursive: true });
  const folder = await mkdtemp('.wrangler/run-');
  const configPath = `${folder}/wrangler.toml`;
  await writeFile(configPath, stringify(config));
  return {
    folder,
    configPath,
    remove: async () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
