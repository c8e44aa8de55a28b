import { expect, it } from 'vitest';
import { reasonOf } from '../../src/cli/wrangler.ts';
import { useWorkplace, workplace } from './use-workplace.ts';

useWorkplace();

const reason = (stderr: string, stdout = '') => reasonOf({ status: 1, stdout, stderr });

it('is what wrangler says first, without its decoration', () => {
  expect(reason('\n\u001B[31m✘ \u001B[41m[ERROR]\u001B[0m A thing is wrong.\n\n  More.\n')).toBe(
    'A thing is wrong.',
  );
  expect(reason('X [ERROR] No TTY')).toBe('No TTY');
  expect(reason('', 'No mark at all\n')).toBe('No mark at all');
});

it('keeps a code of D1 at its end', () => {
  const text = 'table `customers` already exists: SQLITE_ERROR [code: 7500]';
  expect(reason(`✘ [ERROR] ${text}`)).toBe(text);
  expect(reason(`✘ [ERROR] A request to the Cloudflare API (/x) failed.\n\n  ${text}\n`)).toBe(
    text,
  );
});

it('is without what stands in a wrong place, which may be a secret', async () => {
  const config = workplace.read('wrangler.toml');
  const route = 'pattern = "shop.example/billing*"\nzone_name = "shop.example"';
  workplace.write(
    'wrangler.toml',
    `${config}\n[[routes]]\n${route}\nBETTER_AUTH_SECRET = "hunter2hunter2"\n`,
  );
  const { status, output } = await workplace.run(['doctor', '--static']);
  expect(status).not.toBe(0);
  expect(output).toContain('wrangler.toml');
  expect(output).not.toContain('hunter2');
});
