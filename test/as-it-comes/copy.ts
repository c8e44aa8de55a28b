import { readFile, writeFile } from 'node:fs/promises';

// Keeps wrangler.toml and portal.toml as they come, for the tests of a clone in which an operator
// has filled them in. `npm run template` runs this; `.ci/run` sees that nothing differs.
const config = await readFile('wrangler.toml', 'utf8');
const moved = config
  .replace('".wrangler/worker/index.js"', '"../../.wrangler/worker/index.js"')
  .replace('"migrations"', '"../../migrations"')
  .replace('watch_dir = "src"', 'watch_dir = "../../src"');
await writeFile('test/as-it-comes/wrangler.toml', moved);
await writeFile('test/as-it-comes/portal.toml', await readFile('portal.toml', 'utf8'));
