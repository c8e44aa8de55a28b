import { accounts } from './accounts.ts';
import type { Ports } from './ports.ts';
import { shopOrigin } from './stand-in.ts';

/** What to open, and what each demo account shows. */
export function welcome(site: string, ports: Ports, usesStandIn: boolean, link: string): string {
  const standIn = `http://localhost:${ports.standIn}`;
  const width = Math.max(...accounts.map(({ subject }) => subject.length));
  const lines = [
    `The link       ${site}/billing/manage`,
    `Billing page   ${site}/billing`,
    `Sign in        ${site}/billing/authorize?to=/billing`,
    `               at an OpenID provider on another host, 127.0.0.1:${ports.standIn}, as`,
    ...accounts.map(({ subject, shows }) => `               ${subject.padEnd(width)}  ${shows}`),
    `By e-mail      ${site}/billing/sign-in`,
    '               with ada@example.com; the mail is shown here',
    ...(usesStandIn
      ? [
          `Buy something  ${shopOrigin(ports)}/pricing`,
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
