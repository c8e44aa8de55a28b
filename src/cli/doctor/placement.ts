import { formatOf } from '../config-file/formats.ts';
import { misplacedSettings, move } from '../misplaced.ts';
import { failure, ok, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** Finds settings that the Worker does not read, because they stand in another table. */
export function examinePlacement({ target }: Pick<Subject, 'target'>): Finding {
  const misplaced = misplacedSettings(target.directory);
  if (misplaced.length === 0)
    return ok(
      'settings_placement',
      `All of them are in ${formatOf(target.configFile).tableName('vars')}.`,
    );
  const found = `${misplaced.join(', ')}: the Worker does not read it there.`;
  return failure('settings_placement', found, move(target.directory));
}
