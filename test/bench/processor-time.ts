import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** The workerd processes that this process has started (Linux tells). */
export function workerds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        const [name, , parent] = statOf(pid);
        return name === 'workerd' && Number(parent) === process.pid;
      });
  } catch {
    return [];
  }
}

/** Seconds of processor time that a process has used. */
export function processorTimeOf(pid: number): number {
  const stat = statOf(pid);
  return (Number(stat[12]) + Number(stat[13])) / TICKS_PER_SECOND;
}

/** The name, and then the fields from the third on: proc_pid_stat(5). */
function statOf(pid: number): string[] {
  try {
    const [, name = '', rest = ''] =
      /\((.*)\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return [name, ...rest.split(' ')];
  } catch {
    return [];
  }
}
