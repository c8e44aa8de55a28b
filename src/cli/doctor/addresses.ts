import { isLoopback } from '../../config/secure-url.ts';
import { originNeeds } from '../origin-needs.ts';
import { configOf, problemsOf } from '../settings.ts';
import { setupCommand } from '../target.ts';
import type { Check } from './checks.ts';
import { failure, ok, warning, type Finding } from './finding.ts';
import { isWithoutAccounts } from './identity.ts';
import type { Subject } from './subject.ts';

export function examineAddresses(subject: Subject): Finding[] {
  return [
    whenReadable(subject, 'sign_in_url', 'SIGN_IN_URL', examineSignIn),
    whenReadable(subject, 'allowed_origins', 'ALLOWED_ORIGINS', examineAllowedOrigins),
    whenReadable(subject, 'public_origin', 'PUBLIC_ORIGIN', examinePublicOrigin),
  ];
}

type Config = NonNullable<ReturnType<typeof configOf>>;

function whenReadable(
  subject: Subject,
  check: Check,
  name: string,
  examine: (config: Config, subject: Subject) => Finding,
): Finding {
  const [problem] = problemsOf(subject, (key) => key === name);
  const config = configOf(subject, (key) => key === name);
  if (config && !problem) return examine(config, subject);
  const isGiven = Boolean(subject.target.variables[name]);
  const found = `${name} ${isGiven ? 'cannot be used' : 'is missing'}.`;
  return failure(check, found, `${name}: ${problem?.remedy ?? ''}`);
}

function examineSignIn({ signInUrl }: Config, subject: Subject): Finding {
  if (signInUrl === undefined) {
    if (subject.target.variables['AUTH_CLIENT_ID']) {
      return ok('sign_in_url', 'None is needed: the Worker leads people to the provider.');
    }
    const isByEmail = subject.target.emailBindings.includes('EMAIL');
    if (isByEmail && isWithoutAccounts(subject)) {
      return ok('sign_in_url', 'None is needed: people sign in by e-mail, at /billing/sign-in.');
    }
    const otherwise = isByEmail ? 'no way to go on but by e-mail' : 'no way to go on';
    return warning(
      'sign_in_url',
      `SIGN_IN_URL is not set: a signed-out visitor gets a page and ${otherwise}.`,
      'Set SIGN_IN_URL to your sign-in page, with {return_to} where it takes the address to come back to.',
    );
  }
  if (leadsToUs(signInUrl, subject)) {
    return failure(
      'sign_in_url',
      'SIGN_IN_URL leads back to this Worker, and so in a circle.',
      'Set SIGN_IN_URL to the page of your site where people sign in.',
    );
  }
  if (signInUrl.includes('{return_to}'))
    return ok('sign_in_url', 'People are sent to it, and back.');
  return warning(
    'sign_in_url',
    'SIGN_IN_URL has no {return_to}: after signing in, visitors do not come back.',
    'Add the parameter that your sign-in page takes, such as ?next={return_to}.',
  );
}

function leadsToUs(signInUrl: string, { url }: Subject): boolean {
  const base = url?.origin ?? 'https://this-worker.invalid';
  const target = URL.parse(signInUrl, base);
  return target?.origin === base && /^\/billing(?:\/manage)?\/?$/.test(target.pathname);
}

function examineAllowedOrigins({ allowedOrigins }: Config, { target }: Subject): Finding {
  const local = allowedOrigins.filter((origin) => isLoopback(new URL(origin).hostname));
  if (target.place === 'remote' && local.length > 0) {
    return warning(
      'allowed_origins',
      `ALLOWED_ORIGINS lets ${local.join(', ')} in: any program on a visitor’s machine can be that.`,
      'Keep loopback origins out of the settings of a deployed Worker.',
    );
  }
  const count = allowedOrigins.length;
  return ok(
    'allowed_origins',
    count === 0 ? 'None but the Worker’s own.' : allowedOrigins.join(', '),
  );
}

function examinePublicOrigin({ publicOrigin }: Config, subject: Subject): Finding {
  const { target, url } = subject;
  if (publicOrigin === undefined) return withoutOrigin(subject);
  if (target.place === 'remote' && isLoopback(new URL(publicOrigin).hostname)) {
    return failure(
      'public_origin',
      `PUBLIC_ORIGIN is ${publicOrigin}: the portal would send people to their own machine.`,
      'Set it to the https origin of the deployed Worker.',
    );
  }
  if (url && url.origin !== publicOrigin) {
    return warning(
      'public_origin',
      `PUBLIC_ORIGIN is ${publicOrigin}, the Worker at ${url.origin}.`,
      'Correct one of them, unless both lead to the Worker.',
    );
  }
  return ok('public_origin', publicOrigin);
}

function withoutOrigin({ target, stored }: Subject): Finding {
  if (target.place === 'local') return ok('public_origin', 'None is needed on this machine.');
  const next = `Run ${setupCommand(target)}, or set PUBLIC_ORIGIN to the https origin that visitors see.`;
  const needs = originNeeds(target, stored);
  if (needs.length === 0) {
    return warning('public_origin', 'PUBLIC_ORIGIN is not set: plain http is refused.', next);
  }
  return failure(
    'public_origin',
    `PUBLIC_ORIGIN is not set: the Worker has ${needs.join(' and ')}, but signs no links and sends no mails.`,
    next,
  );
}
