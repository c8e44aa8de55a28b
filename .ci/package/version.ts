// `npm version` runs it: src/version.ts says what package.json says.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'src/version.ts';
const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
const before = readFileSync(FILE, 'utf8');
const OWN = /(?<=VERSION = )'[^']*'/;
if (!OWN.test(before)) throw new Error(`${FILE} has no version to replace.`);
writeFileSync(FILE, before.replace(OWN, `'${version}'`));
