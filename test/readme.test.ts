import { describe, expect, it } from 'vitest';
import { catalogue } from '../src/errors/catalogue.ts';
import { checks } from '../src/cli/doctor/checks.ts';
import { settingNames } from '../src/config/settings.ts';
import { EVENT_TYPES } from '../src/customers/events.ts';
import packageFile from '../package.json?raw';

/** Files besides the pages that name the repository. */
const named = import.meta.glob(
  [
    '../src/commands.ts',
    '../.github/workflows/*.yml',
    '../.github/ISSUE_TEMPLATE/*.yml',
    '../.ci/package/templates.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
) as Record<string, string>;

/** Every Markdown file of the repository, by its path. */
const pages = fromRoot(
  import.meta.glob(['../*.md', '../src/**/*.md', '../test/**/*.md', '../.github/**/*.md'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }) as Record<string, string>,
);
const files = [
  ...fromRoot(
    import.meta.glob(['../*', '../.*', '../{src,test,migrations,.github,.ci}/**/*']),
  ).keys(),
  // A glob leaves out the file that it stands in.
  'test/readme.test.ts',
];
const folders = new Set(files.flatMap(foldersAbove));

function fromRoot<T>(found: Record<string, T>): Map<string, T> {
  return new Map(
    Object.entries(found).map(([path, value]) => [pathFrom('test/', path), value] as const),
  );
}

function foldersAbove(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Where a relative link leads, as a path from the repository's root. */
function pathFrom(folder: string, link: string): string {
  return new URL(link, `file:///${folder}`).pathname.slice(1).replace(/\/$/, '');
}

const folderOf = (page: string) => page.slice(0, page.lastIndexOf('/') + 1);
const exists = (path: string) => path === '' || files.includes(path) || folders.has(path);
const withoutCode = (text: string) => text.replace(/^ *```[\s\S]*?^ *```/gm, '');

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each([...pages])('%s', (page, text) => {
  it('has no dead link to a file or a heading', () => {
    const links = withoutCode(text).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g);
    const dead = [...links]
      .map(([, link, attribute]) => link ?? attribute ?? '')
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? page : pathFrom(folderOf(page), path);
        if (!exists(target)) return true;
        return anchor !== undefined && !anchorsOf(pages.get(target) ?? '').includes(anchor);
      });
    expect(dead).toEqual([]);
  });

  it('names only commands of package.json, and files that exist', () => {
    const { scripts } = JSON.parse(packageFile) as { scripts: Record<string, string> };
    const commands = [...text.matchAll(/npm (?:run(?: -s)? )([\w:-]+)/g)].map(
      ([, name = '']) => name,
    );
    const code = [...withoutCode(text).matchAll(/`([\w./-]+)`/g)].map(([, name = '']) => name);
    const paths = code.filter((name) => /^(?:src|test|migrations|\.github|\.ci)\//.test(name));
    // A name such as `find.ts` is one of the page's own folder, or of the root.
    const names = code.filter((name) => /^[\w./-]+\.(?:tsx?|toml)$/.test(name));
    expect([
      ...commands.filter((name) => !(name in scripts)),
      ...paths.filter((path) => !exists(path.replace(/\/$/, ''))),
      ...names.filter((name) => !exists(pathFrom(folderOf(page), name)) && !exists(name)),
    ]).toEqual([]);
  });
});

it('shows only options that the commands have', () => {
  const source = Object.values(
    import.meta.glob('../src/cli/**/*.ts', { query: '?raw', import: 'default', eager: true }),
  ).join('\n');
  const unknown = [...pages].flatMap(([page, text]) =>
    [...text.matchAll(/npm run (?:setup|doctor|deploy|link|fill|customer) -- ([^\n`]*)/g)]
      .flatMap(([, words = '']) => words.match(/--[\w-]+/g) ?? [])
      .filter((option) => option !== '--help')
      .filter((option) => !new RegExp(`'${option}\\b`).test(source))
      .map((option) => `${option} in ${page}`),
  );
  expect(unknown).toEqual([]);
});

it('is read in three minutes', () => {
  const readme = pages.get('README.md')!;
  expect(readme.split('\n').length).toBeLessThanOrEqual(200);
  expect(readme.split(/\s+/).length).toBeLessThanOrEqual(1200);
});

it('says what each file and folder at the root of src is', () => {
  const inSrc = files.filter((path) => path.startsWith('src/')).map((path) => path.split('/')[1]);
  const cells = pages.get('src/README.md')!.matchAll(/^\| *(?:\[|`)([\w.-]+)\/?[`\]]/gm);
  const unexplained = new Set(inSrc).difference(new Set([...cells].map(([, name]) => name)));
  expect([...unexplained]).toEqual(['README.md', 'env.d.ts']);
});

it('explains each setting, and names each event that the webhook needs', () => {
  const without = (page: string, names: readonly string[]) =>
    names.filter((name) => !pages.get(page)!.includes(`\`${name}\``));
  expect(without('src/config/README.md', settingNames)).toEqual([]);
  expect(without('src/customers/README.md', EVENT_TYPES)).toEqual([]);
});

it.each([
  ['code', Object.keys(catalogue)],
  ['check', Object.keys(checks)],
])('explains each %s once, and no other', (kind, names) => {
  const explained = [...pages.values()].flatMap((text) => namesInTables(text, kind));
  expect(explained.toSorted()).toEqual(names.toSorted());
});

/** The names in the first column of each table that this column is called so. */
function namesInTables(text: string, column: string): string[] {
  const tables = text.match(/^\|.*\|\n(?:\|.*\|\n)+/gm) ?? [];
  return tables
    .filter((table) => new RegExp(`^\\| *${column} *\\|`).test(table))
    .flatMap((table) => [...table.matchAll(/^\| *(`[^|]*)\|/gm)])
    .flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
}

it('name one repository everywhere, that of package.json', () => {
  const { repository, homepage, bugs } = JSON.parse(packageFile) as {
    repository: { url: string };
    homepage: string;
    bugs: string;
  };
  const address = repository.url.replace(/^git\+|\.git$/g, '');
  expect(homepage).toBe(`${address}#readme`);
  expect(bugs).toBe(`${address}/issues`);
  const readme = pages.get('README.md') ?? '';
  expect(readme).toContain(`](https://deploy.workers.cloudflare.com/?url=${address})`);
  const elsewhere = Object.values({ ...named, readme }).flatMap((text) =>
    [...text.matchAll(/github\.com\/([\w-]+\/portal-link)\b|repository == '([^']+)'/g)].map(
      ([, one, other]) => one ?? other,
    ),
  );
  expect(new Set(elsewhere)).toEqual(new Set([address.replace('https://github.com/', '')]));
});
