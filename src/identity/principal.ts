/** What may be known of a principal besides. */
type Details = {
  email?: string;
  /** The provider has checked that the address is theirs. */
  emailVerified?: boolean;
};

/** What the principal may do for the site's customer. */
type Standing = {
  /** The roles that their proof names. Undefined: none is needed, as for themselves. */
  roles?: string[];
  /** It is an organisation's: a person's e-mail address says nothing about it. */
  isOrganisation?: true;
};

/** Someone that the site bills, by the name that it knows them by: a person or an organisation. */
export type Account = Standing & { subject: string };

/** A person, or else an organisation of theirs; `others` are their other organisations. */
export type SubjectPrincipal = Details & Account & { others?: Account[] };

/**
 * Stripe customers by their ids, as a signed link can name them, or a token. A token also says
 * whose they are.
 */
export type CustomersPrincipal = Details & Standing & { customers: string[]; owner?: string };

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

/** Everyone that the principal can be billed as. */
export function accountsOf(principal: SubjectPrincipal): Account[] {
  const { subject, roles, isOrganisation, others = [] } = principal;
  return [
    { subject, ...(roles && { roles }), ...(isOrganisation && { isOrganisation }) },
    ...others,
  ];
}

/** The same person with these of their accounts, the first of which is now the main one. */
export function withAccounts(
  { email, emailVerified }: Details,
  [account, ...others]: [Account, ...Account[]],
): SubjectPrincipal {
  return {
    ...account,
    ...(others.length > 0 && { others }),
    ...(email !== undefined && { email }),
    ...(emailVerified !== undefined && { emailVerified }),
  };
}
