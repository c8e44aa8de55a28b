import { command } from '../../commands.ts';
import type { Entry } from '../entry.ts';

/** What can be wrong with the Worker itself. */
export const serviceCodes = {
  search_running: {
    status: 503,
    page: 'tryAgain',
    title: 'Search in progress',
    detail: 'Another request is searching Stripe for this subject. Try again.',
    retryAfter: 2,
  },
  still_connecting: {
    status: 503,
    page: 'connecting',
    title: 'Still connecting',
    detail: 'The first fill of D1 is running, and may still find a customer of this subject.',
    retryAfter: 300,
  },
  database_unavailable: {
    status: 503,
    page: 'tryAgain',
    title: 'Database unavailable',
    detail: 'D1 does not answer, or has no tables.',
    retryAfter: 5,
    remedy: `If tables are missing, run \`${command('deploy')}\`, or locally \`wrangler d1 migrations apply DB --local\`.`,
  },
  configuration_invalid: {
    status: 503,
    page: 'notReady',
    title: 'Invalid configuration',
    detail: 'Settings of the Worker are missing or wrong. `problems` lists them.',
    remedy: `Run \`${command('doctor')}\`.`,
  },
  public_origin_missing: {
    status: 503,
    page: 'notReady',
    title: 'Origin not configured',
    detail: 'Without PUBLIC_ORIGIN the Worker signs no links, sends no mails and takes https only.',
    remedy: 'Set PUBLIC_ORIGIN to the https origin that visitors see, such as https://example.com.',
  },
  unexpected: {
    status: 500,
    page: 'mistake',
    title: 'Unexpected error',
    detail: 'The Worker has a bug.',
    remedy: 'Report the log line with this request id.',
  },
} as const satisfies Record<string, Entry>;
