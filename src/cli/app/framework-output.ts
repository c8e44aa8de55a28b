import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Where frameworks leave word of what they have built for wrangler to deploy. */
export const REDIRECT = '.wrangler/deploy/config.json';

/** Whether a framework has left something for wrangler to deploy. */
export const hasFrameworkBuild = (directory: string): boolean =>
  statSync(join(directory, REDIRECT), { throwIfNoEntry: false })?.isFile() ?? false;
