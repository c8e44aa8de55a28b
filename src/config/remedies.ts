import { PRESETS } from './providers.ts';
import { SITES } from './site-session.ts';

// What to do about a setting that is missing or wrong. Each follows "KEY: " wherever it is shown.

export const needsKey =
  'set it to a secret key (sk_test_… or sk_live_…) or, better, a restricted key (rk_…) from ' +
  'https://dashboard.stripe.com/apikeys. A publishable key (pk_…) cannot open the portal.';
export const needsWebhookSecret =
  'set it to the signing secret (whsec_…) of your webhook endpoint, from ' +
  'https://dashboard.stripe.com/webhooks; several, separated by commas, while rotating.';
export const needsLinkSecret =
  'use at least 32 characters, such as the output of `openssl rand -base64 32`; several, ' +
  'separated by commas, while rotating.';
export const needsApiKey =
  'use at least 32 characters, such as the output of `openssl rand -hex 32`; several are separated by ' +
  'commas. What a key may do stands before a colon, such as read+sign:KEY: sign, read or revoke. A ' +
  'key that has a colon itself needs this, too.';
export const needsSender =
  'set it to the address that mails come from, such as billing@example.com.';
export const needsLinks =
  'store the secret LINK_SECRET: links are signed with it, and sessions are sealed.';
export const needsProvider = `name one of ${Object.keys(PRESETS).join(', ')}; or leave it empty, and set AUTH_ISSUER.`;
export const needsDomain =
  'set it to the host of your identity provider, such as example.eu.auth0.com: AUTH_PROVIDER needs it.';
export const needsTenant =
  'set it to the realm (Keycloak), the directory id (Entra ID), the user pool’s id (Cognito) or ' +
  'the application’s slug (authentik): AUTH_PROVIDER needs it.';
export const needsDirectory =
  'set it to the directory (tenant) id of your own directory, such as 0b6d4d8e-…: tokens of others ' +
  'must not count.';
export const needsSubject =
  'name the claim that says who you bill: sub for people, org_id for organisations, or both as ' +
  '“org_id, sub”.';
export const needsRoleClaim =
  'name the claim that holds a person’s roles, such as org_role, o.rol or realm_access.roles.';
export const needsRoles =
  'list the roles that may bill, separated by commas, such as owner, admin.';
export const needsRoleSource =
  'set it to the claim that holds roles: AUTH_BILLING_ROLES needs one.';
export const needsSessionRole =
  'add where the role stands, such as role=member.role: AUTH_BILLING_ROLES needs it.';
export const needsContact =
  'say who manages billing, in 120 characters: https://…, mailto:…, or text such as “your team’s owner”.';
export const needsSingleSubject =
  'remove it, or name a single claim in AUTH_SUBJECT_CLAIM: a customer’s id says nothing about whose it is.';
export const needsSingleOwner =
  'leave out customer or org_id: a customer’s id does not say whether it is the person’s or the organisation’s.';
export const needsOtherSubject =
  'use another claim, such as oid: addresses at Entra ID are not verified.';
export const needsSigningIn =
  'remove it or AUTH_PROVIDER: this provider signs nobody in by OpenID Connect.';
export const needsIssuerAddress =
  'set it to the https address of the issuer, exactly as its discovery document has it.';
export const needsIssuer =
  'set it, or AUTH_PROVIDER: people sign in there, as AUTH_CLIENT_ID is set.';
export const needsClient =
  'set it to the client id that this secret belongs to, or remove the secret.';
export const needsScopes = 'list scopes separated by spaces; openid must be one of them.';
export const needsSessionUrl =
  'set it to the address of your site’s session endpoint: https://…, or a path on PUBLIC_ORIGIN.';
export const needsOtherEndpoint =
  'choose an address of your site that does not lead to this Worker: not below /billing, /healthz, ' +
  '/api/stripe, /api/links, /api/billing or /api/openapi.json.';
export const needsSessionCookies =
  'name the cookies of your site’s session, separated by commas; a name can end with *.';
export const needsSessionHost =
  'set it to the host in SESSION_URL, to confirm that cookies of visitors go there: it is another ' +
  'than PUBLIC_ORIGIN’s.';
export const needsSessionClaims =
  'write claim=path, separated by commas, such as sub=user.id, email=user.email; sub is required, ' +
  'and the claims are sub, org_id, role, email, email_verified, customer and act (somebody acts for them). A path ' +
  'that users can write, such as name, is refused.';
export const needsSite = `name one of ${Object.keys(SITES).join(', ')}; or leave it empty, and set SESSION_URL.`;
export const needsSingleCookie =
  'remove it, or AUTH_PROVIDER, AUTH_JWKS_URL and AUTH_JWT_SECRET: the session cookie is of one kind.';
export const needsOwnOrigin =
  'set it to this Worker’s own origin, such as https://example.com: the provider sends people back ' +
  'to it.';
export const needsNoSecret =
  'remove it or AUTH_CLIENT_ID: people sign in at the provider, whose keys are public.';
export const needsNoSignIn =
  'remove it or AUTH_CLIENT_ID: the Worker leads people to the provider by itself.';
export const needsTurnstile =
  'set TURNSTILE_SITE_KEY and the secret TURNSTILE_SECRET_KEY, or neither: ' +
  'https://dash.cloudflare.com/?to=/:account/turnstile.';
export const needsJwtSecret =
  'use at least 32 bytes, as HS256 demands (RFC 7518 §3.2): the secret that signs your site’s ' +
  'tokens; several, separated by commas, while rotating.';
export const needsAuthjsSecret =
  'store the AUTH_SECRET of your site, at least 32 bytes; several, separated by commas, while rotating.';
export const needsParties =
  'list the `azp` or `client_id` of the apps whose tokens count, separated by commas.';
export const needsUnwritable =
  'use another claim: users can change this one themselves, and so choose who they are.';
export const needsJwksUrl =
  'set it to the https address of your identity provider’s key set, often …/.well-known/jwks.json.';
export const needsPublicOrigin =
  'set it to the https origin that visitors see, such as https://example.com. Until then the ' +
  'Worker signs no links and sends no mails: a requester could choose the host in them.';
export const needsHome =
  'set it to the https address of your site, or to a path on this origin, such as /.';
export const needsLogo =
  'set it to the https address of a picture, or to a path on this origin, such as /logo.svg.';
export const needsLegalLinks =
  'write name=address, separated by commas, such as imprint=https://example.com/imprint, ' +
  'imprint.de=https://example.com/impressum; the names are imprint, privacy, terms and ' +
  'accessibility, and the languages en, de, fr, es, pt-BR and ja. A comma in an address is %2C.';
export const needsPricing = 'set it to the https address of your pricing page.';
export const needsHelp =
  'set it to the https address of your help page, or to mailto:help@example.com.';
export const needsColor = 'write a colour as #rrggbb, such as #635bff.';
export const needsOrigins =
  'list origins separated by commas, each like https://app.example.com: https (http only on a ' +
  'loopback host), no path and no slash at the end.';
export const needsSubrequests =
  'write a number from 30 to 10000: 50 on the free plan of Workers, up to 1000 on the paid one.';
export const needsApiBase =
  'only a loopback origin such as http://localhost:12111 may stand in for Stripe.';
