import { createRequestHandler } from 'react-router';
import { portalLink } from 'portal-link';
import { session, userOf } from './app/sessions.js';
import * as build from './build/server/index.js';

const pages = createRequestHandler(build);

const billing = portalLink({
  identify: async (c) => {
    const subject = await userOf(c.req.raw);
    return subject ? { subject } : undefined;
  },
});

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/sign-in') {
      const cookie = await session.serialize(searchParams.get('as'));
      return new Response(null, { headers: { 'set-cookie': cookie } });
    }
    return billing.handles(request) ? billing.app.fetch(request, env, ctx) : pages(request);
  },
  scheduled: billing.scheduled,
};
