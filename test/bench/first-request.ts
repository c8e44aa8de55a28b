// One start: evaluates a bundle and sends it one request, or so many one after the other, in a
// process that has done neither.
import { pathToFileURL } from 'node:url';
import { context, createStubs, visit } from './stubs.ts';
import type { Handler } from './build.ts';

// The Worker's log is not the answer.
console.info = () => {};
console.error = () => {};
const stubs = await createStubs();
const token = await stubs.token('HS256');
const [, , path = '', count = '1'] = process.argv;
const [request, ...others] = Array.from({ length: Number(count) }, () => visit(token));
const env = stubs.env('HS256');
// What the runtime itself needs the first time is not the bundle's doing.
await (await fetch('https://warm.example')).json();
await crypto.subtle.digest('SHA-256', new Uint8Array(1));

const before = process.cpuUsage();
const began = performance.now();
const module: { default: Handler } = await import(pathToFileURL(path).href);
const evaluated = performance.now();
const first = await module.default.fetch(request!, env, context);
const answered = performance.now();
const goals = [first.headers.get('location')];
for (const other of others) {
  const { headers } = await module.default.fetch(other, env, context);
  goals.push(headers.get('location'));
}
// Of all threads: the compiler has its own, which are busy now.
const { user, system } = process.cpuUsage(before);
const processor = (user + system) / 1000;
const wrong = goals.find((goal) => !goal?.startsWith('https://billing.stripe.com/'));
if (wrong !== undefined) throw new Error(`An answer led to ${wrong}.`);
console.log(JSON.stringify({ evaluate: evaluated - began, answer: answered - began, processor }));
