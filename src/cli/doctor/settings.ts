import { EMAIL_SIGN_IN_NEEDS } from '../../mail/needs.ts';
import { settingNames } from '../../config/settings.ts';
import { command, isPackage, page } from '../../commands.ts';
import { formatOf } from '../config-file/formats.ts';
import { environmentOf, problemsOf } from '../settings.ts';
import { failure, ok, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

const LINK_TO_STRIPE = /billing\.stripe\.com\/p\/(?:login|session)\//;
const LIMITERS = ['SESSION_LIMIT', 'CLIENT_LIMIT', 'WEBHOOK_LIMIT'];
const REQUIRED_SECRETS = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'];

/** Settings that a check of their own looks at. */
const EXAMINED_ELSEWHERE =
  /^(?:STRIPE_|AUTH_|SIGN_IN_URL$|ALLOWED_ORIGINS$|PUBLIC_ORIGIN$|PORTAL_CONFIGURATION$|PORTALS$)/;

export function examineSettings(subject: Subject): Finding[] {
  return [
    examineWorkerConfig(subject),
    examineRateLimits(subject),
    examineEmailSignIn(subject),
    examineOthers(subject),
    findLoginLink(subject),
  ];
}

/** How the configuration gets what it lacks. `init` adds nothing to environments. */
const addition = ({ environment }: Subject['target']) =>
  isPackage && environment === undefined
    ? `Run \`${command('init')}\`, which adds it, or says what to add`
    : 'Add it as it stands in the wrangler.toml of portal-link';

function examineWorkerConfig({ target }: Subject): Finding {
  const { tableName } = formatOf(target.configFile);
  const table = target.environment ? tableName('env', target.environment) : target.configFile;
  const named = REQUIRED_SECRETS.filter((name) => !target.requiredSecrets.includes(name));
  const missing = [
    ...(target.databaseName === undefined ? ['the D1 database bound as DB'] : []),
    ...(target.crons.length === 0 ? [`crons in ${tableName('triggers')}`] : []),
    ...(named.length > 0 ? [`${named.join(' and ')} in ${tableName('secrets')} required`] : []),
  ];
  if (missing.length === 0) return ok('worker_config', 'Database, cron job and secrets are named.');
  const others = target.listsSecrets
    ? ''
    : ` Name all other secrets of the Worker in ${tableName('secrets')}, too: \`wrangler dev\` then reads no others.`;
  return failure(
    'worker_config',
    `${table} lacks ${missing.join(', ')}.`,
    `${addition(target)}.${others} Environments inherit none of it: https://developers.cloudflare.com/workers/wrangler/configuration/#non-inheritable-keys`,
  );
}

function examineRateLimits({ target }: Subject): Finding {
  const missing = LIMITERS.filter(
    (name) => !target.rateLimits.some((limit) => limit.name === name),
  );
  if (missing.length === 0)
    return ok('rate_limits', 'Sessions, failed proofs and webhooks are limited.');
  return warning(
    'rate_limits',
    `Off: ${missing.join(', ')}.`,
    `${addition(target)}: ${formatOf(target.configFile).listName('ratelimits')}.`,
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
  const unknown = subject.target.fileVariables.filter((name) => !settingNames.includes(name));
  if (unknown.length === 0) return ok('settings', 'All of them can be read.');
  return warning(
    'settings',
    `The Worker reads no setting called ${unknown.join(' or ')}.`,
    `Correct the name in ${subject.target.configFile}, or remove it. There are: ${settingNames.join(', ')}.`,
  );
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
