import * as v from 'valibot';

export const LONGEST = 500;

/** The id of somebody, as other code hands it on. A blank one is a mistake of that code. */
export const subjectLike = (must: string) =>
  v.pipe(v.string(must), v.regex(/\S/, must), v.maxLength(LONGEST, must));
