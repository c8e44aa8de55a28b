// An operator's Worker that opts in to calls of other Workers.
export { Billing, default } from 'portal-link';
