type WaitUntil = (work: Promise<unknown>) => void;

// Node, where commands run and some frameworks develop, lets all work end.
let keepAlive: WaitUntil = (work) => {
  work.catch(() => {});
};

void findRuntime();

/** Not by a static import: Node has no such module, and would refuse this one. */
async function findRuntime(): Promise<void> {
  try {
    const runtime: { waitUntil?: WaitUntil } = await import('cloudflare:workers');
    keepAlive = runtime.waitUntil ?? keepAlive;
  } catch {
    // It is Node.
  }
}

/**
 * Lets work go on after the answer to the request that runs, for code that has no context of it.
 * https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil
 */
export const waitUntil: WaitUntil = (work) => keepAlive(work);
