import { toJsonSchema } from '@valibot/to-json-schema';
import { Hono } from 'hono';
import type { GenericSchema } from 'valibot';
import { Intent } from '../intent.ts';
import { LinkRequest } from '../link-request.ts';
import { PortalSession, Problem, SignedLink } from './answers.ts';
import { originOf, type AppEnv } from './context.ts';

const problem = {
  description: 'A problem (RFC 9457) with a stable code.',
  content: content('application/problem+json', Problem),
};

const mintsLinks = {
  post: {
    operationId: 'createLink',
    summary: 'Sign a link that opens the portal for either a subject or a customer.',
    security: [{ linkKey: [] }],
    requestBody: { required: true, content: content('application/json', LinkRequest) },
    responses: {
      201: { description: 'The link.', content: content('application/json', SignedLink) },
      default: problem,
    },
  },
};

/** What the API takes and answers, made from the validators that it works with. */
export const openapi = new Hono<AppEnv>().get('/', (c) =>
  c.json({
    openapi: '3.1.0',
    info: {
      title: 'portal-link',
      version: '1',
      description: 'A fresh Stripe customer portal session for whoever the token names.',
    },
    servers: [{ url: originOf(c) }],
    security: [{ bearer: [] }, ...(c.var.services.config.auth.cookie ? [{ cookie: [] }] : [])],
    paths: {
      '/api/stripe/create-portal-session': {
        post: {
          operationId: 'createPortalSession',
          summary: 'Make a portal session, whose URL is to be navigated to at once.',
          requestBody: { required: true, content: content('application/json', Intent) },
          responses: {
            200: {
              description: 'The session.',
              content: content('application/json', PortalSession),
            },
            default: problem,
          },
        },
      },
      ...(c.var.services.config.linkApiKeys.length > 0 && { '/api/links': mintsLinks }),
    },
    components: { securitySchemes: securitySchemes(c.var.services.config.auth.cookie) },
  }),
);

function content(type: string, schema: GenericSchema) {
  // The dialect of OpenAPI 3.1 is JSON Schema's own. What holds between fields it cannot say.
  const { $schema: _, ...described } = toJsonSchema(schema, { ignoreActions: ['partial_check'] });
  return { [type]: { schema: described } };
}

function securitySchemes(cookie: string | undefined) {
  return {
    bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    linkKey: { type: 'http', scheme: 'bearer' },
    ...(cookie !== undefined && { cookie: { type: 'apiKey', in: 'cookie', name: cookie } }),
  };
}
