// The operator's commands: `npm run setup`, `doctor`, `deploy`, `link`, `fill` and `customer`.
import { interrupts } from './interrupts.ts';
import { main } from './main.ts';
import { processShell } from './process-shell.ts';

process.on('SIGINT', interrupts.press);

const status = await main(process.argv.slice(2), processShell());
process.exitCode = status;

// What a failed command has begun, such as a request or the local D1, would keep the process.
if (status !== 0) {
  const written = [process.stdout, process.stderr].map(
    async (stream) => new Promise((done) => void stream.write('', done)),
  );
  await Promise.all(written);
  process.exit();
}
