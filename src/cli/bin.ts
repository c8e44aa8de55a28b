#!/usr/bin/env node
// The package's command, `portal-link`. It loads the rest only where Node is new enough to read it.
import process from 'node:process';

const OLDEST = [22, 12] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
  await import('./index.ts');
} else {
  process.stderr.write(
    `✗ The commands need Node ${OLDEST.join('.')} or newer, as Wrangler does. This is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
}
