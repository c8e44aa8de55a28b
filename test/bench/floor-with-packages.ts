// The floor with Stripe's client, and with Hono to find the handler, jose to verify and Drizzle to
// write the statement. Built in modules as our Worker is. What that takes beyond it is our code,
// valibot, and more of Hono and jose.
import { jwtVerify } from 'jose/jwt/verify';
import { createCustomerStore, type CustomerStore } from '../../src/customers/stores/customers.ts';
import { Hono } from '../../src/http/hono.ts';
import { openSession } from './floor-with-client.ts';
import { createFloor, isLive, type Ways } from './floor.ts';
import { secretKey, type FloorEnv } from './floor-token.ts';

let store: CustomerStore | undefined;

const verify: Ways['verify'] = async (token, env) => {
  try {
    const { payload } = await jwtVerify(token, await secretKey(env.AUTH_JWT_SECRET ?? ''), {
      algorithms: ['HS256'],
      issuer: env.AUTH_ISSUER,
      audience: env.AUTH_AUDIENCE,
      requiredClaims: ['exp'],
      clockTolerance: 60,
    });
    return payload;
  } catch {
    return null;
  }
};

const findCustomers: Ways['findCustomers'] = async (subject, env) => {
  store ??= createCustomerStore(env.DB);
  return store.findBySubjects([subject], isLive(env), 'nearest');
};

const floor = createFloor({ verify, findCustomers, openSession });

export default new Hono<{ Bindings: FloorEnv }>().get('/billing/manage', async (c) =>
  floor.fetch(c.req.raw, c.env),
);
