import type { TargetOptions } from '../target.ts';

/** The options of `npm run setup`. */
export type SetupOptions = TargetOptions & {
  url?: string;
  yes?: boolean;
  dryRun?: boolean;
  live?: boolean;
  keyStdin?: boolean;
  replaceWebhook?: string;
  linksOnly?: boolean;
};
