import type { Pricing } from '../../customers/schema.ts';
import type { LegalName } from '../../config/kinds.ts';
import type { PageMessage } from '../../errors/entry.ts';
import type { Flow } from '../../portal/flow.ts';
import type { ChangeKind } from '../../portal/visit.ts';

const INTERVALS = ['day', 'week', 'month', 'year'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Whether Stripe's interval is one that there are words for. */
export function isInterval(name: string | null): name is Interval {
  return INTERVALS.some((interval) => interval === name);
}

/** Every string that a visitor can read. Dates, prices and names come formatted. */
export type Language = {
  /** BCP 47, for the page and for Intl. */
  tag: string;
  /** For a language that is written from right to left. */
  direction?: 'rtl';
  /** Between a name and what is said of it, with its spaces. */
  colon: string;
  /** The word for it, before the names of languages. */
  language: string;
  billing: string;
  chooseAccount: string;
  yourAccount: string;
  signedInAs: (email: string) => string;
  signIn: string;
  signInFirst: string;
  manage: string;
  seePlans: string;
  tryAgain: string;
  goToBilling: string;
  contactUs: string;
  backTo: (brand: string) => string;
  legal: Record<LegalName, string>;
  /** The tab's title while a form has to be mended. */
  error: (title: string) => string;
  reference: string;
  handledByStripe: string;
  nothingYet: string;
  nothingYetAdvice: string;
  noSubscription: string;
  mayBeOld: string;
  flowUnavailable: string;
  which: Record<Flow, string>;
  /** Where several accounts have a subscription, before it is asked which. */
  whichAccount: Record<Extract<Flow, `subscription_${string}`>, string>;
  actions: {
    updateMethod: string;
    seeInvoices: string;
    /** Ends a pause. */
    resume: string;
    /** Takes back a cancellation. */
    keep: string;
    changePlan: string;
    changeQuantity: string;
    pause: string;
    cancel: string;
    choose: string;
  };
  states: {
    active: string;
    trial: string;
    pastDue: string;
    invoiceDue: string;
    unpaid: string;
    paused: string;
    incomplete: string;
  };
  renewsOn: (date: string) => string;
  changesOn: (date: string) => string;
  /** What follows is not known. */
  periodEndsOn: (date: string) => string;
  trialUntil: (date: string) => string;
  /** The state of what is cancelled and still runs. */
  endsOn: (date: string) => string;
  pausedUntil: (date: string) => string;
  pausedOpenly: string;
  /** The customer cannot end the pause. */
  pausedForNow: string;
  dueAdvice: Record<'pastDue' | 'invoiceDue' | 'unpaid' | 'incomplete', string>;
  /** What is to be paid. Amounts and dates come formatted. */
  due: {
    payNow: string;
    since: (amount: string, date: string) => string;
    /** The day is the last one to pay on. It may have passed. */
    by: (amount: string, date: string) => string;
    invoice: (number: string) => string;
    /** Stripe charges the payment method again by itself. */
    triedAgain: (date: string) => string;
    noneOpen: string;
    onItsWay: string;
    opensThere: string;
    /** Stripe's page leads nobody back. */
    comeBack: (address: string) => string;
    unknown: string;
    which: string;
    nothing: string;
    settled: string;
    /** On the page of a signed link to pay. The address comes masked. */
    linkFor: (owner: string, brand: string) => string;
  };
  per: (price: string, interval: Interval, count: number) => string;
  free: string;
  total: (prices: string) => string;
  /** Without names if they are not known. */
  beforeDiscount: (names: string, count: number) => string;
  /** What kind of price it is, where the amount is not certain. */
  pricing: Record<Exclude<Pricing, 'fixed' | 'currency'>, string>;
  pricedIn: (currency: string) => string;
  /** What a product is called whose name is not known. */
  aSubscription: string;
  changes: Record<Exclude<ChangeKind, 'seats'>, (product: string) => string> & {
    /** Takes “5 → 10”. */
    /** `last` is how many seats there are now. */
    seats: (product: string, counts: string, last: number) => string;
    ends: (product: string, date: string) => string;
  };
  notYou: string;
  signOut: string;
  /** The page of a signed link. Addresses come masked. */
  link: {
    opens: (owner: string, brand: string) => string;
    opensOne: (brand: string) => string;
    /** A box to tick, where the browser does not tell a person from a program. */
    openedMyself: string;
    updateDetails: string;
    cancel: string;
    pause: string;
    isAnother: string;
    signedInAs: (who: string) => string;
    /** Where no address is known. */
    signedInElse: string;
    whichOne: string;
    continueAs: (owner: string) => string;
    stayAs: (who: string) => string;
    stay: string;
  };
  /** After signing in with another account. Each has its own words where no address is known. */
  account: {
    another: string;
    now: (now: string) => string;
    nowAnother: string;
    before: (before: string) => string;
    beforeAnother: string;
    continue: string;
    other: string;
  };
  emailSignIn: {
    title: string;
    lead: string;
    address: string;
    send: string;
    notAnAddress: string;
    sentTitle: string;
    sent: (address: string) => string;
    /** Where the address is not named. */
    thisAddress: string;
    notThere: string;
    another: string;
    canSendNew: (email: string) => string;
    sendNew: string;
    /** Where there is no script, Turnstile sees nobody. */
    needsScript: string;
  };
  mail: {
    subject: (brand: string) => string;
    /** What lists of mails show after the subject. */
    preheader: string;
    lead: (brand: string) => string;
    open: string;
    /** Before the link's address. */
    copy: string;
    warning: string;
    notYou: string;
  };
  /** Before the name or address of who manages billing. */
  billingManager: string;
  faults: Record<PageMessage, { title: string; advice: string }>;
};
