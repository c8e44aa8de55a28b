import type { Language } from './language.ts';

export const en: Language = {
  tag: 'en',
  billing: 'Billing',
  chooseAccount: 'Choose a billing account',
  yourAccount: 'Your account',
  signedInAs: (email) => `Signed in as ${email}`,
  signIn: 'Sign in',
  signInFirst: 'Sign in to see your plan, change your card and find your invoices.',
  manage: 'Manage subscription',
  seePlans: 'See plans',
  tryAgain: 'Try again',
  goToBilling: 'Go to billing',
  getHelp: 'Get help',
  reference: 'Reference',
  handledByStripe: 'Payments and invoices are handled by Stripe.',
  nothingYet: 'Nothing to manage yet',
  nothingYetAdvice: 'Once you have bought something, your invoices and subscriptions appear here.',
  noSubscription: 'No current subscription. Your invoices and cards are still there.',
  mayBeOld: 'This may be a few minutes old. Stripe always has the latest.',
  isBack: 'You are back. This is up to date.',
  flowUnavailable:
    'What you came for was not possible just now, so your billing overview was opened instead.',
  which: {
    customer_update: 'Whose details do you want to change?',
    payment_method_update: 'Whose card do you want to update?',
    subscription_cancel: 'Which subscription do you want to cancel?',
    subscription_pause: 'Which subscription do you want to pause?',
    subscription_update: 'Which subscription do you want to change?',
    subscription_update_confirm: 'Which subscription do you want to change?',
  },
  actions: {
    updateCard: 'Update card',
    resume: 'Resume',
    changePlan: 'Change plan',
    cancel: 'Cancel',
    pause: 'Pause',
    choose: 'Choose',
  },
  states: {
    active: 'Active',
    trial: 'Trial',
    pastDue: 'Payment overdue',
    paused: 'Paused',
    cancelled: 'Cancelled',
    incomplete: 'Incomplete',
  },
  renewsOn: (date) => `Renews on ${date}`,
  trialUntil: (date) => `Trial until ${date}`,
  endsOn: (date) => `Ends on ${date}`,
  pausedUntil: (date) => `Paused until ${date}`,
  pausedOpenly: 'Paused until you resume it',
  pastDueAdvice: 'The last payment did not go through. Please update your card.',
  incompleteAdvice: 'The first payment has not gone through yet.',
  per: (price, interval, count) =>
    count === 1 ? `${price} per ${interval}` : `${price} every ${count} ${interval}s`,
  changes: {
    cancelled: (product) => `${product} is cancelled.`,
    resumed: (product) => `${product} goes on.`,
    paused: (product) => `${product} is paused.`,
    unpaused: (product) => `${product} is no longer paused.`,
    changed: (product) => `Your plan is now ${product}.`,
    ended: () => 'A subscription has ended.',
    new: (product) => `${product} is new.`,
  },
  faults: {
    signIn: {
      title: 'Please sign in',
      advice: 'We need to know who you are before we can show your billing details.',
    },
    notAccepted: {
      title: 'Your sign-in was not accepted',
      advice: 'Please sign in again. If that does not help, contact us.',
    },
    nothingYet: {
      title: 'Nothing to manage yet',
      advice:
        'There are no purchases on this account. Once you have bought something, your invoices and subscriptions appear here.',
    },
    notYours: {
      title: 'We do not know this billing account',
      advice:
        'The link names something that is not yours, or is gone. Yours is on the billing page.',
    },
    openAsPage: {
      title: 'Open this address as a page',
      advice: 'Please follow the link itself.',
    },
    otherSite: {
      title: 'This request came from another site',
      advice: 'Please open the billing page and use the button there.',
    },
    unreadable: { title: 'This request cannot be read', advice: 'Please go to the billing page.' },
    nothingHere: { title: 'There is nothing here', advice: 'Your billing page is somewhere else.' },
    notReady: {
      title: 'Billing is not quite ready',
      advice:
        'This is our fault. We have been told what is wrong; please contact us if it is urgent.',
    },
    tooMany: { title: 'Too many requests', advice: 'Please wait a minute, and try again.' },
    tryAgain: {
      title: 'That did not work just now',
      advice: 'Nothing is lost. Please try again in a moment.',
    },
    mistake: {
      title: 'Something went wrong',
      advice: 'This is our mistake. Please try again, and contact us if it stays.',
    },
  },
};
