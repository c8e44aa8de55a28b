import * as v from 'valibot';
import { TAGS } from './languages.ts';
import { parseSecureUrl } from './secure-url.ts';

// Kinds of settings. Each takes its remedy, which is shown after "KEY: ".

export const text = (remedy: string) => v.pipe(v.string(remedy), v.trim(), v.nonEmpty(remedy));

export const matching = (pattern: RegExp, remedy: string) =>
  v.pipe(v.string(remedy), v.regex(pattern, remedy));

export const address = (remedy: string) =>
  v.pipe(
    v.string(remedy),
    v.check((value) => parseSecureUrl(value) !== null, remedy),
  );

export const origin = (remedy: string) =>
  v.pipe(
    v.string(remedy),
    v.trim(),
    v.check((value) => parseSecureUrl(value)?.origin === value, remedy),
  );

export const commaSeparated = <Item extends v.GenericSchema<string, string>>(
  item: Item,
  remedy: string,
) =>
  v.pipe(
    v.string(remedy),
    v.transform((value) => value.split(',').map((part) => part.trim())),
    v.array(item),
  );

/** One shared secret, or several while rotating. */
export type Secrets = [string, ...string[]];

const LEAST_SECRET_BYTES = 32;
const isLong = (secret: string) => new TextEncoder().encode(secret).length >= LEAST_SECRET_BYTES;

/**
 * A secret of HS256, or several separated by commas. A comma can also be part of one secret, so
 * the whole value, spaces included, always counts as well as each piece that is long enough.
 */
export const sharedSecrets = (remedy: string) =>
  v.pipe(
    v.string(remedy),
    v.check(isLong, remedy),
    v.transform((value): Secrets => {
      const pieces = value.split(',').map((piece) => piece.trim());
      const [first, ...others] = new Set([...pieces.filter(isLong), value]);
      return [first ?? value, ...others];
    }),
  );

export const linkOrMail = (remedy: string) =>
  v.pipe(
    v.string(remedy),
    v.check(
      (value) => /^mailto:[^\s@]+@[^\s@]+$/.test(value) || parseSecureUrl(value) !== null,
      remedy,
    ),
  );

/** An absolute address, or a path on our own origin. */
export const addressOrPath = (remedy: string) =>
  v.pipe(
    v.string(remedy),
    v.check((value) => /^\/(?![/\\])/.test(value) || parseSecureUrl(value) !== null, remedy),
  );

// Claims that users can change themselves, at Supabase, at Clerk, and in any profile of OpenID
// Connect (Core 1.0 §5.7): nobody may choose their subject or customer.
const WRITABLE_BY_USERS =
  /^(?:user_metadata|raw_user_meta_data|unsafe_?metadata|name|(?:given|family|middle|nick)_?name|preferred_username|profile|picture|website|phone_number)\b/i;

/** Whether users can change what a claim, or a path such as `user.name`, holds. */
export const isWritable = (path: string) =>
  path.split('.').some((name) => WRITABLE_BY_USERS.test(name)) || WRITABLE_BY_USERS.test(path);

// Of these, nothing is opened by what they say.
const UNPROVEN = new Set(['email', 'email_verified', 'act']);

const CLAIMS = new Set(['sub', 'email', 'email_verified', 'customer', 'act', 'org_id', 'role']);

/** Where claims stand in an object: `sub=user.id, email=user.email`. */
export const claimPaths = (remedy: string) =>
  v.pipe(
    v.string(remedy),
    v.transform((value) =>
      value.split(',').map((part): [string, string] => {
        const [claim = '', path = ''] = part.split('=').map((each) => each.trim());
        return [claim, path];
      }),
    ),
    v.check(
      (pairs) =>
        pairs.every(
          ([claim, path]) =>
            CLAIMS.has(claim) && path !== '' && !(!UNPROVEN.has(claim) && isWritable(path)),
        ) && pairs.some(([claim]) => claim === 'sub'),
      remedy,
    ),
    v.transform((pairs): Record<string, string> => Object.fromEntries(pairs)),
  );

const LEGAL = ['imprint', 'privacy', 'terms', 'accessibility'] as const;
// `pt` stands for pt-BR, too.
const SHOWN_IN = TAGS.flatMap((tag) => [tag, tag.replace(/-.*/, '')]);
export type LegalName = (typeof LEGAL)[number];

/** A link of the footer. Without a language, it is for all that have none of their own. */
export type LegalLink = { name: LegalName; language: string | undefined; href: string };

/** Links in the order they are shown in: `imprint=/imprint, imprint.de=/impressum`. */
export const legalLinks = (remedy: string) =>
  v.pipe(
    commaSeparated(v.string(remedy), remedy),
    v.transform((parts) => parts.map((part) => legalLink(part))),
    v.check((links) => links.every((link) => link !== undefined), remedy),
    v.transform((links) => links.filter((link) => link !== undefined)),
  );

function legalLink(part: string): LegalLink | undefined {
  const [, wanted, wantedTag, href = ''] = /^([a-z]+)(?:\.([\w-]+))?\s*=\s*(\S+)$/.exec(part) ?? [];
  const name = LEGAL.find((each) => each === wanted);
  const isAddress = v.safeParse(addressOrPath(''), href).success;
  if (!name || !isAddress) return undefined;
  if (wantedTag === undefined) return { name, language: undefined, href };
  const language = SHOWN_IN.find((tag) => tag.toLowerCase() === wantedTag.toLowerCase());
  return language === undefined ? undefined : { name, language, href };
}
