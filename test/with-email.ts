import { mkdir, readFile, writeFile } from 'node:fs/promises';

const FOLDER = '.wrangler/with-email';

/**
 * wrangler.toml with the binding EMAIL switched on, as its comment tells: for the demo and for
 * tests of the built Worker. Wrangler then shows mails instead of sending them.
 *
 * @returns the path of the configuration
 */
export async function writeConfigWithEmail(): Promise<string> {
  const config = await readFile('wrangler.toml', 'utf8');
  const switchedOn = config
    .replace('# [[send_email]]\n# name = "EMAIL"', '[[send_email]]\nname = "EMAIL"')
    .replace('main = "src/', 'main = "../../src/')
    .replace('migrations_dir = "', 'migrations_dir = "../../');
  if (switchedOn === config) throw new Error('wrangler.toml has no binding EMAIL to switch on.');
  await mkdir(FOLDER, { recursive: true });
  const path = `${FOLDER}/wrangler.toml`;
  await writeFile(path, switchedOn);
  return path;
}
