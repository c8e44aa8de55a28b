import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { releasesAfter } from '../../src/cli/releases.ts';

const NOTES = `# Release notes

## Unreleased

### Not yet

## 0.10.0

### A tenth

- with a line of its own

### And another

## 0.9.0

### A ninth

## 0.2.0

### The first that says its version
`;
const names = (version: string | undefined) =>
  releasesAfter(version, NOTES).map(({ name }) => name);

describe('what a deploy says of the releases that it brings', () => {
  it('begins after the one that is deployed, by number', () => {
    expect(names('0.9.0')).toEqual(['0.10.0']);
    expect(names('0.2.0')).toEqual(['0.10.0', '0.9.0']);
    expect(names('0.2.1')).toEqual(['0.10.0', '0.9.0']);
  });

  it('is nothing for the newest, and for a newer one', () => {
    expect(names('0.10.0')).toEqual([]);
    expect(names('1.0.0')).toEqual([]);
  });

  it('is all of them for a Worker that does not say what it is', () => {
    expect(names(undefined)).toEqual(['0.10.0', '0.9.0', '0.2.0']);
  });

  it('knows releases that come before one, in their order', () => {
    const candidates =
      '# Release notes\n\n## 0.3.0\n\n## 0.3.0-rc.10\n\n## 0.3.0-rc.2\n\n## 0.2.0\n';
    const after = (version: string) => releasesAfter(version, candidates).map(({ name }) => name);
    expect(after('0.2.0')).toEqual(['0.3.0', '0.3.0-rc.10', '0.3.0-rc.2']);
    expect(after('0.3.0-rc.2')).toEqual(['0.3.0', '0.3.0-rc.10']);
    expect(after('0.3.0')).toEqual([]);
  });

  it('has the headings of each', () => {
    expect(releasesAfter('0.9.0', NOTES)).toEqual([
      { name: '0.10.0', headings: ['A tenth', 'And another'] },
    ]);
  });
});

describe('npm version', () => {
  /** Runs what it runs, in a folder with these files. */
  function setVersion(version: string, source: string) {
    const folder = mkdtempSync(join(tmpdir(), 'portal-link-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
    writeFileSync(join(folder, 'src/version.ts'), source);
    const script = resolve('.ci/package/version.ts');
    const { status } = spawnSync(process.execPath, [script], { cwd: folder });
    const written = readFileSync(join(folder, 'src/version.ts'), 'utf8');
    rmSync(folder, { recursive: true });
    return { status, written };
  }

  it('sets the version in the source, also after a release candidate', () => {
    expect(setVersion('0.3.0', "export const VERSION = '0.3.0-rc.1';\n")).toEqual({
      status: 0,
      written: "export const VERSION = '0.3.0';\n",
    });
  });

  it('fails where there is no version to replace', () => {
    expect(setVersion('0.3.0', 'export const VERSION = version;\n').status).toBe(1);
  });
});
