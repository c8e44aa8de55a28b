import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, TomlError, type TomlTable, type TomlValue } from 'smol-toml';
import * as v from 'valibot';
import { OperatorProblem } from '../problem.ts';
import { isTable } from '../config-file/table.ts';
import { PortalSettings, Rules, type FileRule } from './settings.ts';

export const PORTAL_FILE = 'portal.toml';

/** The name of the portal for everybody else: no rule names them. */
export const DEFAULT = 'default';

/** A portal as the file has it, complete: what a named one leaves out is the default's. */
export type FilePortal = { name: string; settings: PortalSettings; rules: FileRule[] };

export type PortalFile = {
  text: string;
  fallback: FilePortal;
  /** In the order in which they are tried. */
  named: FilePortal[];
};

/**
 * Reads portal.toml; undefined when there is none.
 *
 * @throws OperatorProblem that names each wrong entry
 */
export function readPortalFile(directory: string): PortalFile | undefined {
  const path = join(directory, PORTAL_FILE);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  const { portals = {}, ...given } = parseToml(text);
  const settings = check(PortalSettings, given);
  // What is wrong in the default would be wrong in each that starts from it.
  if (settings.problems) throw unusable(settings.problems);
  const others = isTable(portals) ? Object.entries(portals) : [];
  const read = others.map(([name, own]) => readNamed(name, own, given));
  const problems = [
    ...(isTable(portals) ? [] : ['portals: write each as a table: [portals.NAME]']),
    ...read.flatMap((each) => each.problems ?? []),
  ];
  if (problems.length > 0) throw unusable(problems);
  return {
    text,
    fallback: { name: DEFAULT, settings: settings.output, rules: [] },
    named: read.flatMap(({ output }) => output ?? []),
  };
}

const unusable = (problems: readonly string[]) =>
  new OperatorProblem(`${PORTAL_FILE} cannot be used. ${problems.join('; ')}`);

type Checked<Output> =
  | { output: Output; problems?: undefined }
  | { output?: undefined; problems: string[] };

function readNamed(name: string, own: TomlValue, fallback: TomlTable): Checked<FilePortal> {
  const place = `portals.${name}`;
  if (!isTable(own)) return { problems: [`${place}: write a table: [${place}]`] };
  // A number would not keep its place in the file.
  if (!/^[a-z][\w-]{0,39}$/i.test(name)) {
    return {
      problems: [`${place}: use a letter first, then up to 39 letters, digits, dashes and _`],
    };
  }
  if (name === DEFAULT) {
    return { problems: [`${place}: write the default portal at the top level of the file`] };
  }
  const { rules: givenRules = [], ...differing } = own;
  // Stripe's name is for one of them. Its sign-in page asks for no rule, so each says it itself.
  const { name: _, ...others } = fallback;
  const inherited = { ...others, login_page: { enabled: false } };
  const settings = check(PortalSettings, merge(inherited, differing), place);
  const rules = check(Rules, givenRules, `${place}.rules`);
  if (settings.problems || rules.problems) {
    return { problems: [...(settings.problems ?? []), ...(rules.problems ?? [])] };
  }
  return { output: { name, settings: settings.output, rules: rules.output } };
}

/** Tables are laid over each other; lists and values take each other's place. */
function merge(base: TomlTable, over: TomlTable): TomlTable {
  const merged = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    merged[name] = isTable(below) && isTable(value) ? merge(below, value) : value;
  }
  return merged;
}

function check<Schema extends v.GenericSchema>(
  schema: Schema,
  given: unknown,
  place?: string,
): Checked<v.InferOutput<Schema>> {
  const result = v.safeParse(schema, given);
  if (result.success) return { output: result.output };
  const problems = result.issues.map((issue) => {
    const path = [place, v.getDotPath(issue)].filter(Boolean).join('.');
    return `${path}: ${issue.message}`;
  });
  return { problems };
}

function parseToml(text: string): TomlTable {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const line = text.split('\n')[error.line - 1] ?? '';
    const [, name] = /^\s*\[portals\.([\w-]+)\]/.exec(line) ?? [];
    const reason = error.message.split('\n')[0]?.trim() ?? '';
    throw new OperatorProblem(
      name !== undefined && /redefine/.test(reason)
        ? `${PORTAL_FILE}, line ${error.line}: there are two portals called ${name}. Give one of them another name.`
        : `${PORTAL_FILE}, line ${error.line}: ${reason}`,
    );
  }
}
