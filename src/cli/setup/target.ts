import { join } from 'node:path';
import { hasEnvironment, readTarget, type Target, type TargetOptions } from '../target.ts';
import { pickSecrets, readVariables, SECRET_NAMES, secretsFileOf } from '../variables.ts';
import { checkEnvironmentName, OWN_VARIABLES } from './environment.ts';

/**
 * The Worker that setup acts on. Its environment may be missing: then this is what it will be.
 *
 * @throws OperatorProblem if the configuration cannot be read, or the environment's name cannot be used
 */
export function plannedTarget(
  directory: string,
  given: NodeJS.Dict<string>,
  options: TargetOptions,
): Target {
  const { env } = options;
  if (env === undefined || hasEnvironment(directory, env)) {
    return readTarget(directory, given, options);
  }
  checkEnvironmentName(env);
  return targetOfNew(env, directory, given);
}

function targetOfNew(env: string, directory: string, given: NodeJS.Dict<string>): Target {
  const model = readTarget(directory, {}, { remote: true });
  const worker = { place: 'remote', environment: env } as const;
  // Neither secrets nor addresses of the top level are this Worker's.
  const notShared = new Set([...SECRET_NAMES, ...OWN_VARIABLES]);
  const shared = Object.entries(model.variables).filter(([name]) => !notShared.has(name));
  const { databaseName = model.workerName } = model;
  return {
    ...model,
    ...worker,
    workerName: `${model.workerName}-${env}`,
    databaseName: `${databaseName}-${env}`,
    databaseId: undefined,
    routes: [],
    isOnWorkersDev: true,
    variables: {
      ...Object.fromEntries(shared),
      ...pickSecrets(readVariables(join(directory, secretsFileOf(worker)))),
      ...pickSecrets(given),
    },
  };
}
