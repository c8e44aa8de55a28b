import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatOf } from '../config-file/formats.ts';
import { DEV_VARS as FILE, readFromDotEnv } from '../dot-env.ts';
import { readVariables } from '../variables.ts';
import { ok, skipped, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** Finds names in .dev.vars that `wrangler dev` passes over: it reads those of the configuration only. */
export function examineLocalVariables({ target }: Pick<Subject, 'target'>): Finding {
  const { place, directory, configFile, requiredSecrets, fileVariables } = target;
  const { tableName } = formatOf(configFile);
  if (place === 'remote') return ok('local_variables', `${FILE} is not for this Worker.`);
  // Without that list, the check of the configuration says so.
  if (requiredSecrets.length === 0) return skipped('local_variables', 'Its names come first.');
  const read = new Set([...requiredSecrets, ...fileVariables]);
  const names = Object.keys(readVariables(join(directory, FILE)));
  const hidden = existsSync(join(directory, FILE))
    ? readFromDotEnv(target).filter((name) => !names.includes(name))
    : [];
  if (hidden.length > 0) {
    return warning(
      'local_variables',
      `wrangler passes over ${hidden.join(', ')} in .env, since there is ${FILE}.`,
      `Move to ${FILE} what the Worker needs.`,
    );
  }
  const ignored = names.filter((name) => !read.has(name));
  if (ignored.length === 0) return ok('local_variables', `wrangler reads all of ${FILE}.`);
  return warning(
    'local_variables',
    `wrangler passes over ${ignored.join(', ')} in ${FILE}.`,
    `Name secrets in ${tableName('secrets')} required of ${configFile}, and other settings in ${tableName('vars')}.`,
  );
}
