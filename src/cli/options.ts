import { Option } from 'commander';

/** Options that several commands have. */
export const REMOTE = new Option('--remote', 'act on the deployed Worker, not on this machine');

export const ENVIRONMENT = new Option(
  '--env <name>',
  'act on the deployed Worker of env.NAME in the Wrangler configuration',
);

export const PERSIST_TO = new Option(
  '--persist-to <folder>',
  'where `wrangler dev` keeps the local D1',
).conflicts(['env', 'remote']);

export const KEY_STDIN = new Option('--key-stdin', 'read the Stripe key from standard input');
