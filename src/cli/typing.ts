/**
 * Hands what is typed during `work` to the listener. So it is no answer to the next question, and
 * Ctrl-C sends no signal: neither to this process nor to wrangler, which would end.
 */
export async function whileTyping<T>(
  listener: (typed: Buffer) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { stdin } = process;
  if (!stdin.isTTY) return work();
  stdin.on('data', listener);
  stdin.setRawMode(true);
  stdin.resume();
  try {
    return await work();
  } finally {
    stdin.pause();
    stdin.setRawMode(false);
    stdin.off('data', listener);
  }
}
