// The operator's commands: `npm run setup`, `doctor`, `deploy`, `link` and `fill`.
import { main } from './main.ts';
import { processShell } from './process-shell.ts';

process.exitCode = await main(process.argv.slice(2), processShell());
