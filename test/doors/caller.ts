// The package has these types, once it is built.
import type { Billing } from '../../src/doors/package.ts';

type Env = { BILLING: Service<typeof Billing> };

/** The compiler knows what a call takes and answers. */
export async function whereToPay(env: Env, subject: string): Promise<string> {
  const answer = await env.BILLING.portalSession({ subject, flow: 'pay', returnTo: '/billing' });
  switch (answer.kind) {
    case 'open':
      return answer.url;
    case 'nothing_due':
      return 'nothing is due';
    case 'customer_ambiguous':
    case 'subscription_ambiguous':
    case 'invoice_ambiguous':
      return answer.ids.join();
    default:
      return answer.detail;
  }
}

/** Another Worker of the account. It calls what a test asks for. */
export default {
  async fetch(request, { BILLING }) {
    const [method, argument] = await request.json<[string, unknown]>();
    try {
      const call: (given: unknown) => Promise<unknown> = Reflect.get(BILLING, method);
      return Response.json(await call(argument));
    } catch (error) {
      return Response.json({ thrown: String(error) });
    }
  },
} satisfies ExportedHandler<Env>;
