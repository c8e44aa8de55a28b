import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';

export type Workspace = {
  folder: string;
  /** wrangler.toml with the binding EMAIL switched on. */
  configPath: string;
  remove: () => Promise<void>;
};

/**
 * Makes a folder for one run of the built Worker, so that runs at the same time do not disturb
 * each other. Its wrangler.toml has the binding EMAIL switched on, as the comment there says:
 * Wrangler then writes mails into the folder instead of sending them.
 */
export async function createWorkspace(): Promise<Workspace> {
  const config = await readFile('wrangler.toml', 'utf8');
  const switchedOn = config
    .replace('# [[send_email]]\n# name = "EMAIL"', '[[send_email]]\nname = "EMAIL"')
    .replace('main = "src/', 'main = "../../src/')
    .replace('migrations_dir = "', 'migrations_dir = "../../');
  if (switchedOn === config) throw new Error('wrangler.toml has no binding EMAIL to switch on.');
  await mkdir('.wrangler', { recursive: true });
  const folder = await mkdtemp('.wrangler/run-');
  const configPath = `${folder}/wrangler.toml`;
  await writeFile(configPath, switchedOn);
  return {
    folder,
    configPath,
    remove: async () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
