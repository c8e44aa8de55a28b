import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { parse, stringify, type TomlTable } from 'smol-toml';

const FOLDER = 'test/as-it-comes';

/** wrangler.toml as it comes with portal-link, whatever the operator of this clone has filled in. */
export const configAsItComes = (): TomlTable =>
  parse(readFileSync(`${FOLDER}/wrangler.toml`, 'utf8'));

/** The same, as text, for a folder that has `src` and `migrations`. */
export const textBeside = (): string =>
  readFileSync(`${FOLDER}/wrangler.toml`, 'utf8').replaceAll('"../../', '"');

export const configBeside = (): TomlTable => parse(textBeside());

export type Workspace = {
  folder: string;
  /** wrangler.toml as it comes, with what was added. */
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
  // The folder is as deep as that of the copy: its paths hold.
  const config = { ...configAsItComes(), ...additions };
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
