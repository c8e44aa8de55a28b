import { SOURCE } from '../../commands.ts';

/** The checks of what the deployed Worker says of itself, and why they matter. */
export const healthChecks = {
  deployment_version: {
    title: 'Deployed version',
    why: `What this ${SOURCE}’s docs and commands say holds for its own version.`,
  },
  deployment_mode: {
    title: 'Deployed mode',
    why: 'A Worker with a test key knows no live customer, and the other way round.',
  },
  deployment_cron: {
    title: 'Cron job',
    why: 'It makes up for webhooks that did not arrive, and does the first fill.',
  },
  deployment_backlog: {
    title: 'Backlog',
    why: 'Until a customer who waits is synced, their page and link may show an older state.',
  },
  deployment_fill: {
    title: 'First fill',
    why: 'Until it is complete, nobody reads that they have bought nothing.',
  },
} as const;

export type HealthCheck = keyof typeof healthChecks;
