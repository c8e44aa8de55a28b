// The operator's commands: `npm run setup`, `doctor`, `deploy`, `link`, `fill` and `customer`.
import { main } from './main.ts';
import { processShell } from './process-shell.ts';

process.exitCode = await main(process.argv.slice(2), processShell());
