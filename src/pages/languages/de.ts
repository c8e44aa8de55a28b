import type { Language } from './language.ts';

const units = {
  day: ['Tag', 'Tage'],
  week: ['Woche', 'Wochen'],
  month: ['Monat', 'Monate'],
  year: ['Jahr', 'Jahre'],
} as const;

export const de = (): Language => ({
  tag: 'de',
  colon: ': ',
  language: 'Sprache',
  billing: 'Abrechnung',
  chooseAccount: 'Konto auswählen',
  yourAccount: 'Ihr Konto',
  signedInAs: (email) => `Angemeldet als ${email}`,
  signIn: 'Anmelden',
  signInFirst:
    'Melden Sie sich an, um Ihren Tarif zu sehen, Ihre Karte zu ändern und Ihre Rechnungen zu finden.',
  manage: 'Abo verwalten',
  seePlans: 'Tarife ansehen',
  tryAgain: 'Noch einmal versuchen',
  goToBilling: 'Zur Abrechnung',
  contactUs: 'Kontakt',
  backTo: (brand) => `Zurück zu ${brand}`,
  legal: {
    imprint: 'Impressum',
    privacy: 'Datenschutz',
    terms: 'AGB',
    accessibility: 'Barrierefreiheit',
  },
  error: (title) => `Fehler: ${title}`,
  reference: 'Referenz',
  handledByStripe: 'Zahlungen und Rechnungen laufen über Stripe.',
  nothingYet: 'Noch nichts zu verwalten',
  nothingYetAdvice: 'Sobald Sie etwas gekauft haben, finden Sie hier Ihre Rechnungen und Abos.',
  noSubscription: 'Sie haben gerade kein Abo. Ihre Rechnungen und Karten sind weiterhin da.',
  mayBeOld: 'Dieser Stand ist vielleicht ein paar Minuten alt. Den neuesten hat Stripe.',
  flowUnavailable: 'Das war gerade nicht möglich. Wir haben stattdessen Ihre Übersicht geöffnet.',
  which: {
    customer_update: 'Für welches Konto möchten Sie die Angaben ändern?',
    payment_method_update: 'Für welches Konto möchten Sie die Karte ändern?',
    subscription_cancel: 'Welches Abo möchten Sie kündigen?',
    subscription_pause: 'Welches Abo möchten Sie pausieren?',
    subscription_update: 'Welches Abo möchten Sie ändern?',
    subscription_update_confirm: 'Welches Abo möchten Sie ändern?',
  },
  whichAccount: {
    subscription_cancel: 'Für welches Konto möchten Sie das Abo kündigen?',
    subscription_pause: 'Für welches Konto möchten Sie das Abo pausieren?',
    subscription_update: 'Für welches Konto möchten Sie das Abo ändern?',
    subscription_update_confirm: 'Für welches Konto möchten Sie das Abo ändern?',
  },
  actions: {
    updateMethod: 'Zahlungsmethode ändern',
    seeInvoices: 'Rechnungen ansehen',
    resume: 'Fortsetzen',
    keep: 'Kündigung zurücknehmen',
    changePlan: 'Tarif wechseln',
    changeQuantity: 'Menge ändern',
    pause: 'Pausieren',
    cancel: 'Kündigen',
    choose: 'Auswählen',
  },
  states: {
    active: 'Aktiv',
    trial: 'Testphase',
    pastDue: 'Zahlung offen',
    invoiceDue: 'Rechnung überfällig',
    unpaid: 'Unbezahlt',
    paused: 'Pausiert',
    incomplete: 'Noch nicht gestartet',
  },
  renewsOn: (date) => `Verlängert sich am ${date}`,
  changesOn: (date) => `Ändert sich am ${date}`,
  periodEndsOn: (date) => `Der aktuelle Zeitraum endet am ${date}`,
  trialUntil: (date) => `Die Testphase endet am ${date}`,
  endsOn: (date) => `Gekündigt zum ${date}`,
  pausedUntil: (date) => `Pausiert bis ${date}`,
  pausedOpenly: 'Pausiert, bis Sie das Abo fortsetzen',
  pausedForNow: 'Vorerst pausiert. Schreiben Sie uns, wenn es weitergehen soll.',
  dueAdvice: {
    pastDue: 'Die letzte Zahlung hat nicht geklappt.',
    invoiceDue: 'Eine Rechnung ist überfällig.',
    unpaid: 'Es sind Rechnungen offen. Bezahlen Sie sie, damit es weitergeht.',
    incomplete: 'Das Abo beginnt, sobald Sie die erste Rechnung bezahlt haben.',
  },
  due: {
    payNow: 'Jetzt bezahlen',
    since: (amount, date) => `${amount}, fällig seit ${date}`,
    by: (amount, date) => `${amount}, zahlbar bis ${date}`,
    invoice: (number) => `Rechnung ${number}`,
    triedAgain: (date) => `Am ${date} versuchen wir es noch einmal mit Ihrer Zahlungsmethode.`,
    noneOpen: 'Gerade ist keine Rechnung offen. Schreiben Sie uns, damit es weitergeht.',
    onItsWay: 'Eine Zahlung ist unterwegs. Das kann einige Tage dauern.',
    opensThere: 'Die Rechnung öffnet sich bei Stripe, in diesem Fenster.',
    comeBack: (address) => `Kommen Sie nach dem Bezahlen zurück zu ${address}.`,
    unknown: 'Wir konnten gerade nicht nachsehen, was offen ist.',
    which: 'Welche Rechnung möchten Sie bezahlen?',
    nothing: 'Nichts zu bezahlen',
    settled: 'Vielen Dank. Ihre Rechnung ist bezahlt.',
    linkFor: (owner, brand) => `Für ${owner} bei ${brand}.`,
  },
  per: (price, interval, count) =>
    count === 1
      ? `${price} pro ${units[interval][0]}`
      : `${price} alle ${count} ${units[interval][1]}`,
  free: 'Kostenlos',
  total: (prices) => `Gesamt: ${prices}`,
  beforeDiscount: (names, count) =>
    `${count > 1 ? 'Vor Abzug der Rabatte' : 'Vor Abzug des Rabatts'} ${names}`.trim(),
  pricing: {
    usage: 'Abrechnung nach Verbrauch',
    quantity: 'Der Preis hängt von der Menge ab',
    tax: 'Zum Preis kommt Steuer hinzu',
    other: 'Den Betrag finden Sie auf Ihrer Rechnung',
  },
  pricedIn: (currency) => `Abrechnung in ${currency}`,
  aSubscription: 'Ein Abo',
  changes: {
    cancelled: (product) => `${product} ist gekündigt.`,
    ends: (product, date) => `${product} ist gekündigt und endet am ${date}.`,
    resumed: (product) => `${product} verlängert sich wieder wie gewohnt.`,
    paused: (product) => `${product} ist pausiert.`,
    unpaused: (product) => `${product} läuft wieder.`,
    changed: (product) => `Ihr Tarif ist jetzt ${product}.`,
    seats: (product, counts, last) => `${product}: ${counts} ${last === 1 ? 'Platz' : 'Plätze'}`,
    ended: (product) => `${product} ist beendet.`,
    new: (product) => `${product} ist hinzugekommen.`,
  },
  notYou: 'Nicht Sie?',
  signOut: 'Abmelden',
  link: {
    opens: (owner, brand) => `Dieser Link öffnet die Abrechnung von ${owner} bei ${brand}.`,
    opensOne: (brand) => `Dieser Link öffnet eine Abrechnung bei ${brand}.`,
    openedMyself: 'Ich habe diesen Link selbst geöffnet',
    updateDetails: 'Angaben ändern',
    cancel: 'Abo kündigen',
    pause: 'Abo pausieren',
    isAnother: 'Dieser Link gehört zu einem anderen Konto',
    signedInAs: (who) => `Sie sind als ${who} angemeldet.`,
    signedInElse: 'Sie sind als jemand anderes angemeldet.',
    whichOne: 'Fahren Sie nur fort, wenn Sie diesen Link erwartet haben.',
    continueAs: (owner) => `Weiter als ${owner}`,
    stayAs: (who) => `Als ${who} angemeldet bleiben`,
    stay: 'Angemeldet bleiben',
  },
  account: {
    another: 'Mit einem anderen Konto fortfahren?',
    now: (now) => `Sie haben sich gerade als ${now} angemeldet.`,
    nowAnother: 'Sie haben sich gerade mit einem anderen Konto angemeldet.',
    before: (before) => `Bisher waren Sie hier als ${before} angemeldet.`,
    beforeAnother: 'Bisher waren Sie hier mit einem anderen Konto angemeldet.',
    continue: 'Mit dem neuen Konto fortfahren',
    other: 'Mit einem anderen Konto anmelden',
  },
  emailSignIn: {
    title: 'Per E-Mail anmelden',
    lead: 'Geben Sie die E-Mail-Adresse ein, mit der Sie gekauft haben. Wir senden Ihnen einen Link.',
    address: 'E-Mail-Adresse',
    send: 'Link senden',
    notAnAddress: 'Das sieht nicht nach einer E-Mail-Adresse aus.',
    sentTitle: 'Prüfen Sie Ihr Postfach',
    sent: (address) =>
      `Wenn wir ${address} kennen, ist ein Link dorthin unterwegs. Er gilt eine Stunde lang.`,
    thisAddress: 'diese Adresse',
    notThere: 'Nach ein paar Minuten noch nichts da? Sehen Sie auch im Spam-Ordner nach.',
    another: 'Adresse ändern',
    canSendNew: (email) => `Wir können einen neuen an ${email} senden.`,
    sendNew: 'Neuen Link senden',
    needsScript: 'Schalten Sie JavaScript ein und beginnen Sie von vorn.',
  },
  mail: {
    subject: (brand) => `Ihr Link zur Abrechnung bei ${brand}`,
    preheader: 'Ein Klick öffnet Ihre Abrechnung. Der Link gilt eine Stunde lang.',
    lead: (brand) => `Hier ist der Link zu Ihrer Abrechnung bei ${brand}.`,
    open: 'Abrechnung öffnen',
    copy: 'Oder öffnen Sie diese Adresse in Ihrem Browser:',
    warning: 'Wer diesen Link hat, kann eine Stunde lang Ihre Abrechnung öffnen.',
    notYou: 'Wenn Sie ihn nicht angefordert haben, können Sie diese E-Mail ignorieren.',
  },
  billingManager: 'Zuständig für die Abrechnung:',
  faults: {
    signIn: {
      title: 'Bitte melden Sie sich an',
      advice: 'Wir müssen wissen, wer Sie sind, bevor wir Ihre Abrechnung zeigen können.',
    },
    notAccepted: {
      title: 'Die Anmeldung hat nicht geklappt',
      advice: 'Bitte melden Sie sich noch einmal an. Wenn das nicht hilft, schreiben Sie uns.',
    },
    unfinished: {
      title: 'Sie sind noch nicht angemeldet',
      advice:
        'Bitte melden Sie sich noch einmal an. Wenn es wieder nicht klappt, erlauben Sie Cookies für diese Website.',
    },
    denied: {
      title: 'Sie sind nicht angemeldet',
      advice:
        'Die Anmeldung wurde abgebrochen oder abgelehnt. Sie können es noch einmal versuchen.',
    },
    linkInvalid: {
      title: 'Dieser Link funktioniert nicht',
      advice:
        'Er ist unvollständig, verändert oder nicht mehr gültig. Fordern Sie einen neuen an, oder melden Sie sich an.',
    },
    linkExpired: {
      title: 'Dieser Link ist abgelaufen',
      advice:
        'Links gelten nur eine bestimmte Zeit. Fordern Sie einen neuen an, oder melden Sie sich an.',
    },
    pressButton: {
      title: 'Bitte klicken Sie selbst auf die Schaltfläche',
      advice: 'Öffnen Sie den Link noch einmal, und klicken Sie dort auf die Schaltfläche.',
    },
    tooOften: {
      title: 'Zu viele Versuche',
      advice: 'Bitte warten Sie eine Minute, und versuchen Sie es dann noch einmal.',
    },
    notSeen: {
      title: 'Wir konnten nicht erkennen, dass Sie ein Mensch sind',
      advice: 'Bitte versuchen Sie es noch einmal.',
    },
    nothingYet: {
      title: 'Noch nichts zu verwalten',
      advice:
        'Zu diesem Konto gibt es keinen Kauf. Sobald Sie etwas gekauft haben, finden Sie hier Ihre Rechnungen und Abos.',
    },
    notAllowed: {
      title: 'Ihre Rolle umfasst die Abrechnung nicht',
      advice: 'Wenden Sie sich an die Person, die in Ihrer Organisation die Abrechnung verwaltet.',
    },
    notYours: {
      title: 'Diese Abrechnung kennen wir nicht',
      advice:
        'Der Link führt zu etwas, das nicht Ihnen gehört oder das es nicht mehr gibt. Gehen Sie zu Ihrer eigenen Abrechnung.',
    },
    openAsPage: {
      title: 'Bitte öffnen Sie den Link selbst',
      advice: 'Er funktioniert nur als eigene Seite.',
    },
    otherSite: {
      title: 'Das kam von einer anderen Website',
      advice: 'Gehen Sie zur Abrechnung, und klicken Sie dort auf die Schaltfläche.',
    },
    unreadable: {
      title: 'Das konnten wir nicht lesen',
      advice: 'Gehen Sie zur Abrechnung, und beginnen Sie dort von vorn.',
    },
    nothingHere: {
      title: 'Seite nicht gefunden',
      advice: 'Prüfen Sie die Adresse, oder gehen Sie zur Abrechnung.',
    },
    notReady: {
      title: 'Die Abrechnung ist vorübergehend nicht erreichbar',
      advice: 'Es wurde nichts geändert. Wenn es dringend ist, schreiben Sie uns.',
    },
    tryAgain: {
      title: 'Das hat gerade nicht geklappt',
      advice: 'Es wurde nichts geändert. Bitte versuchen Sie es gleich noch einmal.',
    },
    connecting: {
      title: 'Ihr Konto wird noch verbunden',
      advice:
        'Noch sind nicht alle Käufe hier angekommen. Bitte kommen Sie in ein paar Minuten wieder.',
    },
    mistake: {
      title: 'Etwas ist schiefgegangen',
      advice:
        'Das ist unser Fehler. Bitte versuchen Sie es noch einmal, und schreiben Sie uns, wenn es so bleibt.',
    },
  },
});
