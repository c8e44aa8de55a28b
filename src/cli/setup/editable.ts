import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TablePath } from '../config-file/format.ts';
import { formatOf } from '../config-file/formats.ts';
import { withoutMark } from '../config-file/read.ts';
import type { Entry } from '../config-file/table.ts';
import { OperatorProblem } from '../problem.ts';
import { routesByHand, withRoutes } from '../routes.ts';
import { hasEnvironment } from '../target.ts';
import { settingsTable, type StripeContext } from './context.ts';
import type { Answers } from './interview/answers.ts';
import { requiredChanges, secretsTable } from './required.ts';

/**
 * Tries each change to the configuration that is ahead, before the first secret is stored.
 *
 * @throws OperatorProblem with all that setup cannot write there
 */
export function refuseUneditable(context: StripeContext, answers: Answers): void {
  const { directory, environment, configFile } = context.target;
  // A new environment gets a layout of ours.
  if (environment !== undefined && !hasEnvironment(directory, environment)) return;
  const format = formatOf(configFile);
  let text = withoutMark(readFileSync(join(directory, configFile), 'utf8'));
  const byHand: string[] = [];
  for (const [table, entries] of plannedEntries(context, answers)) {
    const refused = entries.filter((entry) => {
      const after = format.withEntry(text, table, entry);
      text = after ?? text;
      return after === undefined;
    });
    if (refused.length === 0) continue;
    const where = `Into ${format.tableName(...table)}`;
    byHand.push(`${where}${format.isByLine ? ', which needs a header of its own' : ''}:`);
    byHand.push(...refused.map(format.shown));
  }
  const { routes } = answers;
  if (routes.length > 0 && withRoutes(format, text, environment, routes) === undefined) {
    const [place, lines] = routesByHand(format, text, environment, routes);
    byHand.push(`${place[0]?.toUpperCase()}${place.slice(1)}:`, ...lines);
  }
  if (byHand.length === 0) return;
  throw new OperatorProblem(
    `Setup cannot change the layout of ${configFile}. Write this yourself, then run setup again. Nothing was changed.\n${byHand.join('\n')}`,
  );
}

function plannedEntries(
  context: StripeContext,
  { settings, secrets: said }: Answers,
): [TablePath, Entry[]][] {
  const { target, url, portalFile, stored, givenSecrets } = context;
  const sealing = target.variables['AUTH_CLIENT_ID'] ? ['LINK_SECRET'] : [];
  const ahead = [...stored.keys(), ...givenSecrets, ...Object.keys(said), ...sealing];
  const { unnamed, unneeded } = requiredChanges(context, ahead);
  const required = [...target.requiredSecrets, ...unnamed].filter(
    (name) => !unneeded.includes(name),
  );
  const isSame = unnamed.length + unneeded.length === 0;
  const secrets: Entry[] = isSame ? [] : [{ key: 'required', value: required }];
  if (target.place === 'local') return [[secretsTable(target), secrets]];
  const { PUBLIC_ORIGIN, PORTALS = '' } = target.variables;
  const variables = {
    ...settings,
    ...(!PUBLIC_ORIGIN && url && { PUBLIC_ORIGIN: url.origin }),
    // Its value is known later.
    ...(portalFile && { PORTALS }),
  };
  return [
    [settingsTable(target), Object.entries(variables).map(([key, value]) => ({ key, value }))],
    [secretsTable(target), secrets],
  ];
}
