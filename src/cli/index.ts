// The operator's commands: `npm run doctor`, `setup`, `deploy` and `link`.
import { main } from './main.ts';
import { processShell } from './process-shell.ts';

process.exitCode = await main(process.argv.slice(2), processShell());
