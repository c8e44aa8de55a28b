// `npm version` runs it: src/version.ts says what package.json says.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'src/version.ts';
const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync(FILE, readFileSync(FILE, 'utf8').replace(/'[\d.]+'/, `'${version}'`));
