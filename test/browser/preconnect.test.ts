import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PRECONNECT } from '../../src/http/headers.ts';

const HANDSHAKE_MILLISECONDS = 100;
const READING_MILLISECONDS = 1_000;
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const PORTAL = 'https://billing.stripe.com/p/session/test';
// As /billing sends it, style and nonce aside.
const POLICY = "default-src 'none'; form-action 'self' https:; base-uri 'none'";

let folder: string;
let portal: Server;
let site: HttpServer;
/** When the portal's host was first connected to, when the site redirected there, when it was asked. */
let connected = Infinity;
let redirected = 0;
let asked = Promise.withResolvers<number>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'portal-'));
  portal = await slowHost(certificate());
  site = createHttpServer((request, response) => {
    if (request.method === 'POST') {
      redirected = performance.now();
      response.writeHead(303, { location: PORTAL }).end();
      return;
    }
    const link = request.url === '/with' ? { link: PRECONNECT } : {};
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy': POLICY,
      ...link,
    });
    response.end(
      '<form method="post" action="/manage"><button>Manage subscription</button></form>',
    );
  }).listen(0, 'localhost');
  await once(site, 'listening');
});

afterAll(async () => {
  site.close();
  portal.close();
  rmSync(folder, { recursive: true });
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;

function certificate(): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=billing.stripe.com', '-days', '1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** A host for the portal, whose connections take a tenth of a second to be set up. */
async function slowHost(options: { key: Buffer; cert: Buffer }): Promise<Server> {
  const host = createHttpsServer(options, (_, response) => {
    asked.resolve(performance.now());
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Portal</h1>');
  });
  const server = createServer((socket) => {
    connected = Math.min(connected, performance.now());
    setTimeout(() => host.emit('connection', socket), HANDSHAKE_MILLISECONDS);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Reads a page in a browser that knows nothing, and clicks. The wait is from redirect to request. */
async function visit(path: string): Promise<{ connectedBeforeClick: boolean; wait: number }> {
  connected = Infinity;
  asked = Promise.withResolvers();
  // A private window, which is what Playwright usually opens, connects nowhere in advance.
  const browser = await chromium.launchPersistentContext(mkdtempSync(join(folder, 'profile-')), {
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-proxy-server',
      '--ignore-certificate-errors',
      `--host-resolver-rules=MAP billing.stripe.com:443 127.0.0.1:${portOf(portal)}`,
    ],
  });
  const page = await browser.newPage();
  await page.goto(`http://localhost:${portOf(site)}${path}`);
  // Longer than a handshake: somebody reads the page.
  await page.waitForTimeout(READING_MILLISECONDS);
  await page.getByRole('button').click({ noWaitAfter: true });
  const at = await asked.promise;
  await browser.close();
  return { connectedBeforeClick: connected < redirected, wait: at - redirected };
}

it('connects to the portal before the click', async () => {
  const [hinted, unhinted] = [await visit('/with'), await visit('/without')];
  console.log(JSON.stringify({ hinted, unhinted }));
  expect(hinted.connectedBeforeClick).toBe(true);
  expect(unhinted.connectedBeforeClick).toBe(false);
  // What that spares is printed, not asserted: Chromium keeps sockets apart by site, and does not
  // always use the early one.
}, 120_000);
