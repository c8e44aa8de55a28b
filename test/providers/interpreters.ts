import { spawnSync } from 'node:child_process';

const found = (commands: string[], args: string[]) =>
  commands.find((command) => spawnSync(command, args).status === 0);

/** What runs the sites in other languages; undefined where it is not installed. */
export const interpreters = {
  Django: found(['python3', '/usr/bin/python3'], ['-c', 'import django']),
  'plain PHP': found(['php'], ['--version']),
};
