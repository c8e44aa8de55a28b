/** The release of this code. package.json has the same; `.github/RELEASES.md` says what is in it. */
export const VERSION = '0.2.0';
