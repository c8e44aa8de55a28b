import type { Context } from 'hono';
import { originOf } from '../../http/addresses.ts';
import type { AppEnv } from '../../http/context.ts';
// test/openapi.test.ts makes them from the validators, and fails when they differ.
import schemas from './openapi-schemas.json';

const problem = {
  description: 'A problem (RFC 9457) with a stable code.',
  content: content('application/problem+json', schemas.Problem),
};

const signsLinks = {
  post: {
    operationId: 'createLink',
    summary: 'Sign a link that opens the portal for a subject or a customer.',
    security: [{ linkKey: [] }],
    requestBody: { required: true, content: content('application/json', schemas.LinkRequest) },
    responses: {
      201: { description: 'The link.', content: content('application/json', schemas.SignedLink) },
      default: problem,
    },
  },
};

const saysItsHealth = {
  get: {
    operationId: 'getHealth',
    summary: 'Say whether visitors can be served, and whether the cron job runs. For monitors.',
    security: [],
    responses: {
      200: {
        description: 'Visitors can be served. `status` is `late` while the cron job does not run.',
        content: content('application/json', schemas.Health),
      },
      503: {
        description: 'Settings are wrong, or D1 does not answer. `problems` has all reasons.',
        content: content('application/json', schemas.Health),
      },
    },
  },
};

const revokesLinks = {
  delete: {
    operationId: 'revokeLinks',
    summary: 'Revoke every link signed so far for a subject or a customer, and stop mails to them.',
    security: [{ linkKey: [] }],
    parameters: [
      query('subject', 'The subject. Name either a subject or a customer.'),
      query('customer', 'The Stripe customer.'),
    ],
    responses: { 204: { description: 'They are revoked.' }, default: problem },
  },
};

/** What the API takes and answers. */
export const describeApi = (c: Context<AppEnv>) =>
  c.json({
    openapi: '3.1.0',
    info: {
      title: 'portal-link',
      version: '1',
      description: 'A fresh Stripe customer portal session for the subject of the token.',
    },
    servers: [{ url: originOf(c) }],
    security: security(c),
    paths: {
      '/api/stripe/create-portal-session': {
        post: {
          operationId: 'createPortalSession',
          summary: 'Create a portal session. Navigate to its URL at once.',
          requestBody: { required: true, content: content('application/json', schemas.Intent) },
          responses: {
            200: {
              description: 'The session.',
              content: content('application/json', schemas.PortalSession),
            },
            default: problem,
          },
        },
      },
      '/api/billing': {
        get: {
          operationId: 'readBilling',
          summary: 'Read what D1 knows of the subject’s billing. Stripe is not asked.',
          ...(hasKeys(c) && {
            security: [...security(c), { linkKey: [] }],
            parameters: [query('subject', 'Any subject, for a key that may read.')],
          }),
          responses: {
            200: {
              description: 'State, plan, period, and how fresh they are.',
              content: content('application/json', schemas.BillingAnswer),
            },
            default: problem,
          },
        },
      },
      ...(hasKeys(c) && { '/api/links': { ...signsLinks, ...revokesLinks } }),
      '/healthz': saysItsHealth,
    },
    components: { securitySchemes: securitySchemes(c.get('services').config.auth.cookie) },
  });

const hasKeys = (c: Context<AppEnv>) => c.get('services').config.apiKeys.length > 0;

function security(c: Context<AppEnv>) {
  return [{ bearer: [] }, ...(c.get('services').config.auth.cookie ? [{ cookie: [] }] : [])];
}

function query(name: string, description: string) {
  return { name, in: 'query', description, schema: { type: 'string', maxLength: 500 } };
}

function content(type: string, schema: object) {
  return { [type]: { schema } };
}

function securitySchemes(cookie: string | undefined) {
  return {
    bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    linkKey: { type: 'http', scheme: 'bearer' },
    ...(cookie !== undefined && { cookie: { type: 'apiKey', in: 'cookie', name: cookie } }),
  };
}
