// What `portal-link` exports where a framework develops in Node: all but the entrypoint, which only
// the Workers runtime can have.
export { default } from '../index.ts';
export { portalLink } from './mount.ts';
