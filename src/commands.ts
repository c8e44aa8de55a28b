import { VERSION } from './version.ts';

// Defined by the build of the package (.ci/package/build.ts), and nowhere else.
declare const PACKAGED: boolean | undefined;

/** Whether this code runs from the package, and not from a clone of the repository. */
export const isPackage = typeof PACKAGED !== 'undefined';

/** What the operator has of portal-link. */
export const SOURCE = isPackage ? 'package' : 'checkout';

/** What starts the Worker on this machine. */
export const DEV = isPackage ? 'npx wrangler dev' : 'npm run dev';

/** What stands before the name of one of the operator's commands. */
export const RUN = isPackage ? 'npx portal-link' : 'npm run';

/** One of the operator's commands, as they type it: `npm run setup -- --remote`. */
export function command(name: string, ...options: string[]): string {
  const given = options.filter(Boolean).join(' ');
  if (given === '') return `${RUN} ${name}`;
  return isPackage ? `${RUN} ${name} ${given}` : `${RUN} ${name} -- ${given}`;
}

/** Where a page of the documentation is, such as `src/links/README.md`. */
export const page = (path: string): string =>
  isPackage ? `https://github.com/portal-link/portal-link/blob/v${VERSION}/${path}` : path;
