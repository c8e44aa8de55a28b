import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { command } from '../commands.ts';
import { OperatorProblem } from './problem.ts';
import { wranglerTarget, type Target } from './target.ts';

const REDIRECT = '.wrangler/deploy/config.json';

const jsonOf = <T extends v.GenericSchema>(schema: T) => v.pipe(v.string(), v.parseJson(), schema);
const redirect = jsonOf(v.object({ configPath: v.string() }));
const built = jsonOf(v.object({ targetEnvironment: v.optional(v.string(), '') }));

/**
 * Arguments that make wrangler deploy this Worker. Frameworks build on their own, such as with
 * Cloudflare's plugin for Vite, and leave word that wrangler has to deploy the result, with the
 * settings of that time. Naming the configuration would make wrangler pass over it.
 * https://developers.cloudflare.com/workers/wrangler/configuration/#generated-wrangler-configuration
 *
 * @throws OperatorProblem if what was built is not what would be deployed
 */
export function deployTarget(target: Target): string[] {
  const { directory, configFile, environment = '' } = target;
  const path = join(directory, REDIRECT);
  if (!existsSync(path)) return wranglerTarget(target);
  const { configPath } = v.parse(redirect, readFileSync(path, 'utf8'));
  const output = resolve(dirname(path), configPath);
  const found = existsSync(output) ? v.safeParse(built, readFileSync(output, 'utf8')) : undefined;
  const isOf = found?.success && found.output.targetEnvironment === environment;
  if (!isOf || modifiedAt(output) < modifiedAt(join(directory, configFile))) {
    const deploy = command('deploy', environment && `--env ${environment}`);
    const how = environment === '' ? '' : `, with CLOUDFLARE_ENV=${environment}`;
    throw new OperatorProblem(
      `Your framework's build is not of ${configFile} as it is now${environment && ` for ${environment}`}, and Wrangler would deploy that build (${REDIRECT} says so). Build your app once more${how}, such as by \`npm run build\`, then run \`${deploy}\`. Nothing was deployed.`,
    );
  }
  return ['--env', environment];
}

const modifiedAt = (path: string) => statSync(path).mtimeMs;
