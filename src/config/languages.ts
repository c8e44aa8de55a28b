/** The languages of pages and mails. Their words are in `pages/languages/`. */
export const TAGS = ['en', 'de', 'fr', 'es', 'pt-BR', 'ja'] as const;

export type Tag = (typeof TAGS)[number];
