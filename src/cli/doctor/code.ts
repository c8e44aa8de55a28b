import { absence } from '../absent.ts';
import { failure, ok, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** Whether the Worker's own code leads to portal-link. */
export function examineCode({ target }: Subject): Finding {
  const { found, next } = absence(target);
  switch (target.door) {
    case 'own':
      return ok('worker_code', 'The Worker is portal-link.');
    case 'mount':
      return ok('worker_code', 'An app that has portal-link mounted.');
    case 'beside':
      return ok('worker_code', 'An app of your own that uses portal-link.');
    case 'unseen':
      return warning('worker_code', found, next);
    case 'none':
      return failure('worker_code', found, next);
    default:
      return target.door satisfies never;
  }
}
