import { WorkerEntrypoint } from 'cloudflare:workers';
import type { PortalLinkEnv } from '../config/environment.ts';
import { knownCustomers } from '../customers/find.ts';
import { syncCustomer } from '../customers/sync.ts';
import { BillingError } from '../errors/billing-error.ts';
import { fieldsOf } from '../http/fields.ts';
import { principalOf, Revocation, type RevocationCall } from '../links/request.ts';
import { signLink } from '../links/sign.ts';
import { billingStateOf, type BillingState } from '../portal/billing-state.ts';
import type { Services } from '../services.ts';
import type { WayBack } from '../visitor/fresh-session.ts';
import { openStripe, type OpenOutcome } from '../visitor/open.ts';
import { wayBackTo } from '../visitor/way-back.ts';
import { answerCall, originFor, type Called, type Refusal } from './answer.ts';
import { CustomerCall, LinkCall, SessionCall, SubjectCall, type SessionRequest } from './calls.ts';

const INVALID = ['request_invalid'] as const;
const LINK_REFUSALS = [...INVALID, 'return_to_refused'] as const;
const SYNC_REFUSALS = [...INVALID, 'rate_limited', 'customer_not_found'] as const;
const SESSION_REFUSALS = [
  ...LINK_REFUSALS,
  'customer_not_found',
  'customer_not_yours',
  'subscription_not_yours',
  'role_not_allowed',
  'rate_limited',
  'search_running',
  'still_connecting',
] as const;

/** A session's URL is a key to it: send the person there at once, and store it nowhere. */
export type SessionAnswer =
  | { kind: 'open'; url: string; flowUnavailable: boolean }
  | { kind: 'customer_ambiguous' | 'subscription_ambiguous' | 'invoice_ambiguous'; ids: string[] }
  | { kind: 'nothing_due' };

/** `expiresAt` in Unix seconds. */
export type LinkAnswer = { kind: 'signed'; url: string; expiresAt: number };

export type BillingAnswer = { kind: 'billing' } & BillingState;

/**
 * What other Workers of the account call over a service binding. Whichever Worker has the binding
 * can name any subject: export this class only if each of them may (SECURITY.md).
 */
export class Billing extends WorkerEntrypoint<PortalLinkEnv> {
  /** A fresh session, or with the flow `pay` the page of an invoice. */
  async portalSession(
    call: SessionCall,
  ): Promise<SessionAnswer | Refusal<(typeof SESSION_REFUSALS)[number]>> {
    return answerCall(this.env, 'portalSession', SESSION_REFUSALS, async (called) =>
      openFor(fieldsOf(SessionCall, call, 'argument'), called),
    );
  }

  /** A signed link, for a mail. It lasts a week, or as long as `expiresIn` says. */
  async link(call: LinkCall): Promise<LinkAnswer | Refusal<(typeof LINK_REFUSALS)[number]>> {
    return answerCall(this.env, 'link', LINK_REFUSALS, async ({ services, now }) => {
      const { returnTo, expiresIn, ...link } = fieldsOf(LinkCall, call, 'argument');
      requireWayBack(returnTo, services);
      const signing = {
        origin: originFor(services),
        allowedOrigins: services.config.allowedOrigins,
        keys: services.linkKeys,
      };
      const request = { ...link, return_to: returnTo, expires_in: expiresIn };
      return { kind: 'signed', ...(await signLink(request, signing, now)) };
    });
  }

  /** What D1 knows, in one query. Stripe is not asked. */
  async billing(subject: string): Promise<BillingAnswer | Refusal<'request_invalid'>> {
    return answerCall(this.env, 'billing', INVALID, async ({ services }) => {
      const principal = fieldsOf(SubjectCall, { subject }, 'argument');
      const customers = await knownCustomers(principal, services, 'primary');
      return { kind: 'billing', ...billingStateOf(customers) };
    });
  }

  /** Ends every link signed so far for a subject or a customer, and stops mails to them. */
  async revokeLinks(
    call: RevocationCall,
  ): Promise<{ kind: 'revoked' } | Refusal<'request_invalid'>> {
    return answerCall(this.env, 'revokeLinks', INVALID, async ({ services }) => {
      await services.links.revoke(principalOf(fieldsOf(Revocation, call, 'argument')));
      return { kind: 'revoked' };
    });
  }

  /** Reads a customer at Stripe and writes D1, without waiting for a webhook. */
  async sync(
    customer: string,
  ): Promise<{ kind: 'synced' } | Refusal<(typeof SYNC_REFUSALS)[number]>> {
    return answerCall(this.env, 'sync', SYNC_REFUSALS, async ({ services, now }) => {
      const { customer: id } = fieldsOf(CustomerCall, { customer }, 'argument');
      await services.limits.session(`sync of ${id}`);
      await syncCustomer(id, services, now);
      const [found] = await knownCustomers({ customers: [id] }, services, 'primary');
      if (found) return { kind: 'synced' };
      throw new BillingError('customer_not_found', 'Stripe has no such customer.', {
        detail: 'Stripe has no such customer in the mode of STRIPE_SECRET_KEY.',
      });
    });
  }
}

/** The way of the link, the page and the API, with the caller's word on who asks. */
async function openFor(
  { subject, roles, returnTo, ...intent }: SessionRequest,
  { services, now }: Called,
): Promise<SessionAnswer> {
  const { config } = services;
  const wayBack = requireWayBack(returnTo, services);
  const known = config.auth.claims.roles?.known ?? [];
  const held = roles && { roles: known.filter((role) => roles.includes(role)) };
  const principal = { subject, ...held };
  const request = { principal, intent, wayBack, ifAmbiguous: 'ask' } as const;
  return answerOf(await openStripe(services, request, now));
}

/** @throws BillingError `return_to_refused`, with the name that callers know */
function requireWayBack(returnTo: string | undefined, services: Services): WayBack {
  const { allowedOrigins } = services.config;
  const wayBack = wayBackTo(returnTo, originFor(services), allowedOrigins);
  if (wayBack) return wayBack;
  throw new BillingError('return_to_refused', 'returnTo is not allowed.', {
    detail: 'Give returnTo as a path, or as an address on PUBLIC_ORIGIN or one of ALLOWED_ORIGINS.',
  });
}

const AMBIGUOUS = {
  which_customer: 'customer_ambiguous',
  which_subscription: 'subscription_ambiguous',
  which_invoice: 'invoice_ambiguous',
} as const;

function answerOf(outcome: OpenOutcome): SessionAnswer {
  if (outcome.kind === 'opened') {
    return { kind: 'open', url: outcome.url, flowUnavailable: outcome.flowUnavailable };
  }
  return outcome.kind === 'nothing_due'
    ? outcome
    : { kind: AMBIGUOUS[outcome.kind], ids: outcome.ids };
}
