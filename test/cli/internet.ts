/**
 * Loaded before a command that runs as a process of its own: hosts in HOSTS_OF_TEST lead to servers
 * on loopback, and DNS knows them.
 */
import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';

const hosts: Record<string, string> = JSON.parse(process.env['HOSTS_OF_TEST'] ?? '{}');
const real = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const origin = hosts[url.host];
  return real(origin === undefined ? input : new URL(`${url.pathname}${url.search}`, origin), {
    ...init,
    headers: { ...Object.fromEntries(new Headers(init?.headers)), 'x-test-host': url.host },
  });
};

const lookup = async (host: string) => {
  if (host in hosts) return { address: '127.0.0.1', family: 4 };
  throw new Error(`DNS does not know ${host}`);
};
Object.assign(dns, { lookup });
syncBuiltinESMExports();
