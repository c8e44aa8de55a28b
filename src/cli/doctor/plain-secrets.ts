import { formatOf } from '../config-file/formats.ts';
import { settingsTable } from '../setup/context.ts';
import { commandOptions } from '../target.ts';
import { failure, ok, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** Whether the configuration has secrets as plain text. It is committed, and shown in the dashboard. */
export function examinePlainSecrets({ target }: Subject): Finding {
  const { plainSecrets, configFile, environment } = target;
  if (plainSecrets.length === 0) return ok('plain_secrets', 'None.');
  const table = formatOf(configFile).tableName(...settingsTable(target));
  const option = environment === undefined ? '' : ` ${commandOptions(target)}`;
  const stores = plainSecrets.map((name) => `\`npx wrangler secret put ${name}${option}\``);
  return failure(
    'plain_secrets',
    `${table} of ${configFile} has ${plainSecrets.join(' and ')} as plain text.`,
    `Take it out there, make a new one where it was issued, for the old one is in the history of your repository, and store that: ${stores.join(', ')}. On your machine it belongs into .dev.vars.`,
  );
}
