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

  it('has the headings of each', () => {
    expect(releasesAfter('0.9.0', NOTES)).toEqual([
      { name: '0.10.0', headings: ['A tenth', 'And another'] },
    ]);
  });
});
