import { later } from '../http/later.ts';

// What a redirect does not need. Each module is loaded for the first who asks for it.

export const sayHealth = later(async () => (await import('./healthz.ts')).sayHealth);
export const showBilling = later(async () => (await import('./billing/index.tsx')).showBilling);
export const goToProvider = later(
  async () => (await import('./billing/authorize.ts')).goToProvider,
);
export const finishSignIn = later(async () => (await import('./billing/callback.ts')).finishSignIn);
export const askToSwitch = later(async () => (await import('./billing/switch.tsx')).askToSwitch);
export const switchAccount = later(
  async () => (await import('./billing/switch.tsx')).switchAccount,
);
export const askForAddress = later(
  async () => (await import('./billing/sign-in.tsx')).askForAddress,
);
export const mailLink = later(async () => (await import('./billing/sign-in.tsx')).mailLink);
export const signOut = later(async () => (await import('./billing/sign-out.ts')).signOut);
export const describeApi = later(async () => (await import('./api/openapi.ts')).describeApi);
export const takeDelivery = later(async () => (await import('./api/webhook.ts')).takeDelivery);
