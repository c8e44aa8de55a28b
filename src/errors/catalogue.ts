import { identityCodes } from './codes/identity.ts';
import { requestCodes } from './codes/request.ts';
import { serviceCodes } from './codes/service.ts';
import { signInCodes } from './codes/sign-in.ts';
import { stripeCodes } from './codes/stripe.ts';

/** Every code, with everything that there is to say about it. Codes are stable. */
export const catalogue = {
  ...identityCodes,
  ...signInCodes,
  ...requestCodes,
  ...stripeCodes,
  ...serviceCodes,
};
