import { later } from '../http/later.ts';

// What a redirect does not need. Each module is loaded for the first who asks for it.

const healthz = async () => import('./healthz.ts');
const billing = async () => import('./billing/index.tsx');
const authorize = async () => import('./billing/authorize.ts');
const callback = async () => import('./billing/callback.ts');
const switching = async () => import('./billing/switch.tsx');
const signIn = async () => import('./billing/sign-in.tsx');
const leaving = async () => import('./billing/sign-out.ts');
const openapi = async () => import('./api/openapi.ts');
const webhook = async () => import('./api/webhook.ts');

export const sayHealth = later(async () => (await healthz()).sayHealth);
export const showBilling = later(async () => (await billing()).showBilling);
export const goToProvider = later(async () => (await authorize()).goToProvider);
export const finishSignIn = later(async () => (await callback()).finishSignIn);
export const askToSwitch = later(async () => (await switching()).askToSwitch);
export const switchAccount = later(async () => (await switching()).switchAccount);
export const askForAddress = later(async () => (await signIn()).askForAddress);
export const mailLink = later(async () => (await signIn()).mailLink);
export const signOut = later(async () => (await leaving()).signOut);
export const describeApi = later(async () => (await openapi()).describeApi);
export const takeDelivery = later(async () => (await webhook()).takeDelivery);
