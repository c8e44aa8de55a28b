import * as errors from 'jose/errors';

/**
 * Stands for jose's compression of encrypted tokens (.ci/left-out.ts). Ours have none,
 * and one whose header says otherwise is refused.
 */
export function validateZip({ zip }: { zip?: unknown }): void {
  if (zip !== undefined) throw new errors.JOSENotSupported('zip');
}

// Called only for a header that has just been refused.
export { validateZip as compress, validateZip as decompress };
