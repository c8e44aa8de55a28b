// What `portal-link` exports, as a package. The Worker that this repository deploys is index.ts.
export { default } from '../index.ts';
export type { Api } from '../app.ts';
export { portalLink } from './mount.ts';
export type { HostEnv, Mount, MountOptions } from './mount.ts';
export type { PortalLinkEnv } from '../config/environment.ts';
export type { Identity } from '../identity/host.ts';
export { Billing } from './entrypoint.ts';
export type { BillingAnswer, LinkAnswer, SessionAnswer } from './entrypoint.ts';
export type { LinkCall, SessionCall } from './calls.ts';
export type { Refusal } from './answer.ts';
