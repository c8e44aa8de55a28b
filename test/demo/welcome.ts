import { accounts } from './accounts.ts';

/** What to open, and what each demo account shows. */
export function welcome(site: string, standIn: string, usesStandIn: boolean, link: string): string {
  const width = Math.max(...accounts.map(({ subject }) => subject.length));
  const lines = [
    `The link       ${site}/billing/manage`,
    `Billing page   ${site}/billing`,
    `Sign in as     ${standIn}/sign-in?return_to=${site}/billing`,
    ...accounts.map(({ subject, shows }) => `               ${subject.padEnd(width)}  ${shows}`),
    `By e-mail      ${site}/billing/sign-in`,
    '               with ada@example.com; the mail is shown here',
    ...(usesStandIn
      ? [
          `Buy something  ${standIn}/pricing`,
          `Stripe         a stand-in, no account needed: ${standIn}/`,
        ]
      : ['Stripe         your test account, by the key in .dev.vars']),
    '',
    `By hand        curl -i -H "authorization: Bearer $(curl -s '${standIn}/token?account=subscriber')" ${site}/billing/manage`,
    '',
    'A signed link, which needs no sign-in and works until this stops:',
    link,
    '',
    'Ctrl-C stops everything.',
  ];
  return ['', ...lines.map((line) => (line === '' ? '' : `  ${line}`)), ''].join('\n');
}
