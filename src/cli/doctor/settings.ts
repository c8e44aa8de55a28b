import { EMAIL_SIGN_IN_NEEDS } from '../../mail/needs.ts';
import { command, isPackage, page } from '../../commands.ts';
import { formatOf } from '../config-file/formats.ts';
import { environmentOf, problemsOf } from '../settings.ts';
import { examineCode } from './code.ts';
import { failure, ok, warning, type Finding } from './finding.ts';
import { examinePlainSecrets } from './plain-secrets.ts';
import { examineNames } from './setting-names.ts';
import type { Subject } from './subject.ts';

const LINK_TO_STRIPE = /billing\.stripe\.com\/p\/(?:login|session)\//;
const LIMITERS = ['SESSION_LIMIT', 'CLIENT_LIMIT', 'WEBHOOK_LIMIT'];
// In a span, which is a second or a quarter of one. Each reads up to twice; Stripe allows 25 in it.
const MOST_WEBHOOKS = 8;
const REQUIRED_SECRETS = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'];

/** Settings that a check of their own looks at. */
const EXAMINED_ELSEWHERE =
  /^(?:STRIPE_|AUTH_|SIGN_IN_URL$|ALLOWED_ORIGINS$|PUBLIC_ORIGIN$|PORTAL_CONFIGURATION$|PORTALS$)/;

export function examineSettings(subject: Subject): Finding[] {
  return [
    examineWorkerConfig(subject),
    examineCode(subject),
    examinePlainSecrets(subject),
    examineRateLimits(subject),
    examineEmailSignIn(subject),
    examineOthers(subject),
    findLoginLink(subject),
  ];
}

/** How the configuration gets what it lacks. `init` adds nothing to environments. */
function addition({ environment }: Subject['target']): string {
  if (environment !== undefined) return 'Give it its own, as the top level has them';
  return isPackage
    ? `Run \`${command('init')}\`, which adds it, or says what to add`
    : 'Add it as it stands in the wrangler.toml of portal-link';
}

/** The keys that lead to what this Worker has in the configuration. */
const pathOf = ({ environment }: Subject['target']) =>
  environment === undefined ? [] : ['env', environment];

function examineWorkerConfig({ target }: Subject): Finding {
  const { tableName } = formatOf(target.configFile);
  const path = pathOf(target);
  const table = path.length > 0 ? tableName(...path) : target.configFile;
  const missing = [
    ...(target.databaseName === undefined ? ['the D1 database bound as DB'] : []),
    ...(target.crons.length === 0 ? [`crons in ${tableName('triggers')}`] : []),
  ];
  if (missing.length === 0) return examineRequired(target);
  return failure(
    'worker_config',
    `${table} lacks ${missing.join(' and ')}.`,
    `${addition(target)}. Environments inherit none of it: https://developers.cloudflare.com/workers/wrangler/configuration/#non-inheritable-keys`,
  );
}

/** An app around us may have secrets of its own, and no list: with one, it has to name them all. */
function examineRequired(target: Subject['target']): Finding {
  const { isMount, listsSecrets, requiredSecrets, configFile } = target;
  if (isMount && !listsSecrets) return ok('worker_config', 'Database and cron job are named.');
  const unnamed = REQUIRED_SECRETS.filter((name) => !requiredSecrets.includes(name));
  if (unnamed.length === 0) return ok('worker_config', 'Database, cron job and secrets are named.');
  const { tableName, shown } = formatOf(configFile);
  const table = tableName(...pathOf(target), 'secrets');
  const entry = shown({ key: 'required', value: [...requiredSecrets, ...unnamed] });
  const found = `${table} required lacks ${unnamed.join(' and ')}.`;
  if (listsSecrets) return failure('worker_config', found, `Write ${entry} there.`);
  return warning(
    'worker_config',
    `${found} A deploy without them is not refused.`,
    `Add ${table} with ${entry}. Name all other secrets of the Worker there, too: \`wrangler dev\` then reads no others.`,
  );
}

function examineRateLimits({ target }: Subject): Finding {
  const { listName, shown } = formatOf(target.configFile);
  const list = listName(...pathOf(target), 'ratelimits');
  const missing = LIMITERS.filter(
    (name) => !target.rateLimits.some((limit) => limit.name === name),
  );
  if (missing.length > 0) {
    return warning('rate_limits', `Off: ${missing.join(', ')}.`, `${addition(target)}: ${list}.`);
  }
  const { limit = 0 } = target.rateLimits.find(({ name }) => name === 'WEBHOOK_LIMIT') ?? {};
  if (limit <= MOST_WEBHOOKS)
    return ok('rate_limits', 'Sessions, failed proofs and webhooks are limited.');
  const entry = shown({ key: 'limit', value: 2 });
  return warning(
    'rate_limits',
    `WEBHOOK_LIMIT lets ${limit} webhooks read from Stripe in one second, and in live mode in a quarter of one. Many at once use up Stripe’s rate limit, and visitors wait.`,
    `Write ${entry} into "simple" of WEBHOOK_LIMIT, in ${list}.`,
  );
}

function examineEmailSignIn(subject: Subject): Finding {
  const { emailBindings, rateLimits, configFile } = subject.target;
  const { listName } = formatOf(configFile);
  const limits = new Set(rateLimits.map(({ name }) => name));
  const environment = environmentOf(subject);
  const sender = environment['EMAIL_FROM'];
  if (emailBindings.includes('EMAIL')) {
    const missing = EMAIL_SIGN_IN_NEEDS.filter((name) => !environment[name] && !limits.has(name));
    if (missing.length === 0) return ok('email_sign_in', `On; mails come from ${sender}.`);
    return failure(
      'email_sign_in',
      `The binding EMAIL is there, and not ${missing.join(', ')}.`,
      `Set EMAIL_FROM, store the secret LINK_SECRET, and add the limits to ${listName('ratelimits')}; or remove the binding.`,
    );
  }
  if (!sender) return ok('email_sign_in', 'Off: there is no binding EMAIL.');
  return warning(
    'email_sign_in',
    'Off, though EMAIL_FROM is set: there is no binding EMAIL.',
    `Add the binding EMAIL to ${listName('send_email')} in ${configFile}; or empty EMAIL_FROM. See ${page('src/mail/README.md')}.`,
  );
}

function examineOthers(subject: Subject): Finding {
  const problems = problemsOf(subject, (key) => !EXAMINED_ELSEWHERE.test(key));
  if (problems.length > 0) {
    const keys = problems.map(({ key }) => key).join(', ');
    const remedies = problems.map(({ key, remedy }) => `${key}: ${remedy}`).join(' ');
    return failure('settings', `${keys} cannot be used.`, remedies);
  }
  return examineNames(subject.target);
}

function findLoginLink(subject: Subject): Finding {
  const values = { ...environmentOf(subject), 'portal.toml': subject.portalFile?.text ?? '' };
  const places = Object.entries(values).filter(([, value]) => LINK_TO_STRIPE.test(value));
  if (places.length === 0) return ok('login_link', 'None is used in place of the Worker’s own.');
  const names = places.map(([name]) => name).join(', ');
  return failure(
    'login_link',
    `${names} holds a link to billing.stripe.com.`,
    `Put your own page there, and give people https://<this Worker>/billing/manage.`,
  );
}
