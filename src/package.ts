// What `portal-link` exports, as a package. The Worker that this repository deploys is index.ts.
export { default } from './index.ts';
