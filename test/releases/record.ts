import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Response } from 'miniflare';
import type { Release, Scenario } from './scenarios.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/**
 * Takes what the tests ran, and keeps for each statement the shortest scenario that contains it.
 * `npm run record:release` passes everything through here: Node can write files.
 */
export function createScribe(): (request: { json: () => Promise<unknown> }) => Promise<Response> {
  const shortest = new Map<string, Scenario>();
  return async (request) => {
    for (const scenario of (await request.json()) as Scenario[]) {
      for (const { sql } of scenario) {
        const known = shortest.get(sql);
        if (!known || scenario.length < known.length) shortest.set(sql, scenario);
      }
    }
    writeFileSync(`test/releases/${version}.json`, textOf(shortest));
    return new Response(null, { status: 204 });
  };
}

/** One line for each statement, and one for each run of it. */
function textOf(shortest: Map<string, Scenario>): string {
  const statements = [...shortest.keys()];
  const scenarios = [...new Set(shortest.values())].map((scenario) =>
    scenario.map(({ sql, params }): Release['scenarios'][number][number] => [
      statements.indexOf(sql),
      ...params,
    ]),
  );
  const lines = (values: unknown[]) => values.map((value) => JSON.stringify(value)).join(',\n');
  const runs = scenarios.map((scenario) => `[\n${lines(scenario)}\n]`).join(',\n');
  const migrations = JSON.stringify(
    globSync('migrations/*.sql')
      .map((path) => basename(path))
      .toSorted(),
  );
  return `{\n"migrations": ${migrations},\n"statements": [\n${lines(statements)}\n],\n"scenarios": [\n${runs}\n]\n}\n`;
}
