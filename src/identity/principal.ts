/** What may be known of a principal besides. */
type Details = {
  email?: string;
  /** The provider has checked that the address is theirs. */
  emailVerified?: boolean;
};

/** Someone that the site bills, by the name that it knows them by. */
export type SubjectPrincipal = Details & { subject: string };

/**
 * Stripe customers by their ids, as a signed link can name them, or a token. A token also says
 * whose they are.
 */
export type CustomersPrincipal = Details & { customers: string[]; owner?: string };

/** Who is meant, proven. */
export type Principal = SubjectPrincipal | CustomersPrincipal;

/** One name for each principal, to compare them and to count their requests. */
export function nameOf(principal: Principal): string {
  const subject = subjectOf(principal);
  if (subject !== undefined) return `subject ${subject}`;
  return 'customers' in principal ? `customers ${principal.customers.join()}` : '';
}

/** The site's name for the principal, if its proof had one. */
export function subjectOf(principal: Principal): string | undefined {
  return 'subject' in principal ? principal.subject : principal.owner;
}
