import { command } from '../../commands.ts';
import { formatOf } from '../config-file/formats.ts';
import { settingsTable } from '../setup/context.ts';
import { secretsFileOf } from '../variables.ts';
import { failure, ok, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** Whether the configuration has secrets as plain text. It is committed, and shown in the dashboard. */
export function examinePlainSecrets({ target }: Subject): Finding {
  const { plainSecrets, configFile, environment } = target;
  if (plainSecrets.length === 0) return ok('plain_secrets', 'None.');
  const table = formatOf(configFile).tableName(...settingsTable(target));
  const option = environment === undefined ? '' : `--env ${environment}`;
  // Cloudflare takes no secret by the name of a variable that the deployed Worker still has (10053).
  const deploy = command('deploy', option, `--secrets-file ${secretsFileOf(target)}`);
  return failure(
    'plain_secrets',
    `${table} of ${configFile} has ${plainSecrets.join(' and ')} as plain text.`,
    `Make a new one where it was issued: the old one is in the history of your repository. Take it out there, put the new one into a file that is not committed, and deploy both at once: \`${deploy}\`.`,
  );
}
