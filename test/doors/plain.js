import { portalLink } from 'portal-link';

// A Worker without a framework, which knows people by a header of a proxy in front of it.
const billing = portalLink({
  identify: ({ req }) => {
    const subject = req.header('x-user');
    return subject === undefined ? undefined : { subject };
  },
});

export default {
  fetch: (request, env, ctx) =>
    billing.handles(request)
      ? billing.app.fetch(request, env, ctx)
      : new Response(`the site’s own ${new URL(request.url).pathname}`),
  scheduled: billing.scheduled,
};
