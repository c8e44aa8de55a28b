/** The languages of pages and mails. Their words are in `pages/languages/`. */
export const TAGS = ['en', 'de', 'fr', 'es', 'pt-BR', 'ja'] as const;

export type Tag = (typeof TAGS)[number];

/** A tag, and the language of ours that serves it: en-GB reads the words of en. */
export function findTag(wanted: string | undefined): { tag: string; known: Tag } | undefined {
  // Most requests ask for none, and an exception costs more than the rest of a visit's own code.
  const tag = wanted ? canonical(wanted) : undefined;
  const known = tag === undefined ? undefined : closestTo(tag);
  return tag !== undefined && known ? { tag, known } : undefined;
}

function closestTo(tag: string): Tag | undefined {
  const base = tag.split('-')[0];
  return TAGS.find((known) => known === tag) ?? TAGS.find((known) => known.split('-')[0] === base);
}

/** Language, script and region. A tag's other parts can be anything that its author likes. */
function canonical(tag: string): string | undefined {
  try {
    const { language, script, region } = new Intl.Locale(tag);
    return [language, script, region].filter((part) => part !== undefined).join('-');
  } catch {
    return undefined;
  }
}
