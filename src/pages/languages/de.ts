import type { Language } from './language.ts';

const units = {
  day: ['Tag', 'Tage'],
  week: ['Woche', 'Wochen'],
  month: ['Monat', 'Monate'],
  year: ['Jahr', 'Jahre'],
} as const;

export const de: Language = {
  tag: 'de',
  billing: 'Abrechnung',
  chooseAccount: 'Welches Konto?',
  yourAccount: 'Ihr Konto',
  signedInAs: (email) => `Angemeldet als ${email}`,
  signIn: 'Anmelden',
  signInFirst:
    'Melden Sie sich an, um Ihren Tarif zu sehen, Ihre Karte zu ändern und Rechnungen zu finden.',
  manage: 'Abo verwalten',
  seePlans: 'Tarife ansehen',
  tryAgain: 'Erneut versuchen',
  goToBilling: 'Zur Abrechnung',
  getHelp: 'Hilfe',
  reference: 'Referenz',
  handledByStripe: 'Zahlungen und Rechnungen laufen über Stripe.',
  nothingYet: 'Noch nichts zu verwalten',
  nothingYetAdvice: 'Nach einem Kauf finden Sie hier Ihre Rechnungen und Abos.',
  noSubscription: 'Kein laufendes Abo. Ihre Rechnungen und Karten sind weiterhin da.',
  mayBeOld:
    'Diese Angaben sind vielleicht einige Minuten alt. Stripe hat immer den neuesten Stand.',
  isBack: 'Willkommen zurück. Alles ist auf dem neuesten Stand.',
  flowUnavailable:
    'Was Sie vorhatten, war gerade nicht möglich; deshalb wurde Ihre Übersicht geöffnet.',
  which: {
    customer_update: 'Wessen Angaben möchten Sie ändern?',
    payment_method_update: 'Wessen Karte möchten Sie ändern?',
    subscription_cancel: 'Welches Abo möchten Sie kündigen?',
    subscription_pause: 'Welches Abo möchten Sie pausieren?',
    subscription_update: 'Welches Abo möchten Sie ändern?',
    subscription_update_confirm: 'Welches Abo möchten Sie ändern?',
  },
  actions: {
    updateMethod: 'Zahlungsmethode ändern',
    seeInvoices: 'Rechnungen ansehen',
    resume: 'Fortsetzen',
    changePlan: 'Tarif wechseln',
    changeQuantity: 'Menge ändern',
    pause: 'Pausieren',
    cancel: 'Kündigen',
    choose: 'Auswählen',
  },
  states: {
    active: 'Aktiv',
    trial: 'Testphase',
    pastDue: 'Zahlung überfällig',
    invoiceDue: 'Rechnung überfällig',
    unpaid: 'Unbezahlt',
    paused: 'Pausiert',
    cancelled: 'Gekündigt',
    incomplete: 'Unvollständig',
  },
  renewsOn: (date) => `Verlängert sich am ${date}`,
  changesOn: (date) => `Ändert sich am ${date}`,
  periodEndsOn: (date) => `Der Zeitraum endet am ${date}`,
  trialUntil: (date) => `Testphase bis ${date}`,
  endsOn: (date) => `Endet am ${date}`,
  pausedUntil: (date) => `Pausiert bis ${date}`,
  pausedOpenly: 'Pausiert, bis Sie es fortsetzen',
  pausedForNow: 'Vorerst pausiert. Wenden Sie sich an uns, wenn es weitergehen soll.',
  dueAdvice: {
    pastDue: 'Die letzte Zahlung ist fehlgeschlagen.',
    invoiceDue: 'Eine Rechnung ist überfällig. Bitte bezahlen Sie sie.',
    unpaid: 'Es gibt unbezahlte Rechnungen. Bitte bezahlen Sie sie, damit es weitergeht.',
    incomplete:
      'Die erste Rechnung ist noch nicht bezahlt. Das Abo beginnt, sobald Sie sie bezahlen.',
  },
  due: {
    payNow: 'Jetzt bezahlen',
    since: (amount, date) => `${amount}, fällig seit ${date}`,
    by: (amount, date) => `${amount}, zahlbar bis ${date}`,
    invoice: (number) => `Rechnung ${number}`,
    triedAgain: (date) => `Am ${date} versuchen wir es noch einmal mit Ihrer Zahlungsmethode.`,
    noneOpen: 'Gerade ist keine Rechnung offen. Wenden Sie sich an uns, um fortzufahren.',
    onItsWay: 'Eine Zahlung ist unterwegs. Das kann einige Tage dauern.',
    opensThere: 'Die Rechnung öffnet sich bei Stripe, in diesem Fenster.',
    comeBack: (address) => `Kommen Sie nach dem Bezahlen zurück zu ${address}.`,
    unknown: 'Was offen ist, ließ sich gerade nicht feststellen.',
    which: 'Welche Rechnung möchten Sie bezahlen?',
    nothing: 'Es ist nichts zu bezahlen',
    settled: 'Vielen Dank. Die Rechnung ist beglichen.',
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
  changes: {
    cancelled: (product) => `${product} ist gekündigt.`,
    resumed: (product) => `${product} läuft weiter.`,
    paused: (product) => `${product} ist pausiert.`,
    unpaused: (product) => `${product} ist nicht mehr pausiert.`,
    changed: (product) => `Ihr Tarif ist jetzt ${product}.`,
    ended: () => 'Ein Abo ist beendet.',
    new: (product) => `${product} ist neu.`,
  },
  notYou: 'Nicht Sie?',
  signOut: 'Abmelden',
  link: {
    opens: (owner, brand) => `Dieser Link öffnet die Abrechnung von ${owner} bei ${brand}.`,
    opensOne: (brand) => `Dieser Link öffnet ein Abrechnungskonto bei ${brand}.`,
    openedMyself: 'Ich habe diesen Link selbst geöffnet',
    updateDetails: 'Angaben ändern',
    cancel: 'Abo kündigen',
    pause: 'Abo pausieren',
    isAnother: 'Dieser Link gehört zu einem anderen Konto',
    signedInAs: (who) => `Sie sind als ${who} angemeldet.`,
    another: 'jemand anderes',
    whichOne: 'Fahren Sie nur fort, wenn Sie diesen Link erwartet haben.',
    continueAs: (owner) => `Weiter als ${owner}`,
    stayAs: (who) => `Als ${who} angemeldet bleiben`,
    stay: 'Angemeldet bleiben wie bisher',
  },
  account: {
    another: 'Mit einem anderen Konto fortfahren?',
    now: (now) => `Sie haben sich gerade als ${now} angemeldet.`,
    before: (before) => `Bisher waren Sie hier als ${before} angemeldet.`,
    other: 'Mit einem anderen Konto anmelden',
  },
  emailSignIn: {
    title: 'Per E-Mail anmelden',
    lead: 'Geben Sie die E-Mail-Adresse ein, mit der Sie gekauft haben. Wir senden Ihnen einen Link.',
    address: 'E-Mail-Adresse',
    send: 'Link senden',
    notAnAddress: 'Das ist keine E-Mail-Adresse.',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: 'Wenn wir diese Adresse kennen, ist ein Link dorthin unterwegs. Er gilt eine Stunde lang.',
    notThere: 'Nach einigen Minuten noch nichts da? Sehen Sie auch im Spam-Ordner nach.',
    another: 'Andere Adresse versuchen',
    canSendNew: (email) => `Wir können einen neuen an ${email} senden.`,
    sendNew: 'Neuen Link senden',
  },
  mail: {
    subject: (brand) => `Ihr Link zur Abrechnung bei ${brand}`,
    lead: (brand) => `Hier ist der Link zu Ihrer Abrechnung bei ${brand}.`,
    open: 'Abrechnung öffnen',
    lasts: 'Er gilt eine Stunde lang.',
    notYou: 'Wenn Sie ihn nicht angefordert haben, können Sie diese Mail ignorieren.',
  },
  billingManager: 'Zuständig für die Abrechnung:',
  faults: {
    signIn: {
      title: 'Bitte melden Sie sich an',
      advice: 'Wir müssen wissen, wer Sie sind, bevor wir Ihre Abrechnung zeigen können.',
    },
    notAccepted: {
      title: 'Ihre Anmeldung wurde nicht angenommen',
      advice: 'Bitte melden Sie sich erneut an. Wenn das nicht hilft, wenden Sie sich an uns.',
    },
    unfinished: {
      title: 'Ihre Anmeldung wurde nicht abgeschlossen',
      advice:
        'Bitte melden Sie sich erneut an. Wenn es wieder nicht klappt, lassen Sie Cookies für diese Seite zu.',
    },
    denied: {
      title: 'Sie sind nicht angemeldet',
      advice: 'Die Anmeldung wurde abgebrochen oder nicht erlaubt. Sie können es erneut versuchen.',
    },
    linkInvalid: {
      title: 'Dieser Link funktioniert nicht',
      advice:
        'Er ist unvollständig, verändert oder zurückgezogen. Bitte fordern Sie einen neuen an oder melden Sie sich an.',
    },
    linkExpired: {
      title: 'Dieser Link ist abgelaufen',
      advice:
        'Links gelten nur eine bestimmte Zeit. Bitte fordern Sie einen neuen an oder melden Sie sich an.',
    },
    pressButton: {
      title: 'Bitte drücken Sie die Schaltfläche selbst',
      advice: 'Öffnen Sie den Link noch einmal und drücken Sie die Schaltfläche auf seiner Seite.',
    },
    tooOften: {
      title: 'Etwas zu oft',
      advice: 'Bitte warten Sie eine Minute und versuchen Sie es erneut.',
    },
    notSeen: {
      title: 'Wir konnten nicht erkennen, dass Sie ein Mensch sind',
      advice: 'Bitte gehen Sie zurück und versuchen Sie es erneut.',
    },
    nothingYet: {
      title: 'Noch nichts zu verwalten',
      advice:
        'Zu diesem Konto gibt es keinen Kauf. Nach einem Kauf finden Sie hier Rechnungen und Abos.',
    },
    notAllowed: {
      title: 'Ihre Rolle umfasst die Abrechnung nicht',
      advice: 'Wenden Sie sich an die Person, die in Ihrer Organisation die Abrechnung verwaltet.',
    },
    notYours: {
      title: 'Dieses Konto kennen wir nicht',
      advice:
        'Der Link nennt etwas, das nicht Ihnen gehört oder nicht mehr da ist. Ihres finden Sie auf der Abrechnungsseite.',
    },
    openAsPage: {
      title: 'Bitte als Seite öffnen',
      advice: 'Bitte folgen Sie dem Link selbst.',
    },
    otherSite: {
      title: 'Diese Anfrage kam von einer anderen Website',
      advice: 'Bitte öffnen Sie die Abrechnungsseite und benutzen Sie dort die Schaltfläche.',
    },
    unreadable: {
      title: 'Diese Anfrage ist nicht lesbar',
      advice: 'Bitte gehen Sie zur Abrechnungsseite.',
    },
    nothingHere: {
      title: 'Hier ist nichts',
      advice: 'Ihre Abrechnungsseite ist woanders.',
    },
    notReady: {
      title: 'Die Abrechnung ist noch nicht bereit',
      advice:
        'Das liegt an uns. Wir wissen, was fehlt; wenn es dringend ist, wenden Sie sich bitte an uns.',
    },
    tooMany: {
      title: 'Zu viele Anfragen',
      advice: 'Bitte warten Sie eine Minute und versuchen Sie es noch einmal.',
    },
    tryAgain: {
      title: 'Das hat gerade nicht geklappt',
      advice: 'Nichts ist verloren. Bitte versuchen Sie es gleich noch einmal.',
    },
    connecting: {
      title: 'Ihr Konto wird noch verbunden',
      advice:
        'Noch sind nicht alle Käufe hier angekommen. Bitte kommen Sie in ein paar Minuten wieder.',
    },
    mistake: {
      title: 'Etwas ist schiefgegangen',
      advice:
        'Das ist unser Fehler. Bitte versuchen Sie es erneut und wenden Sie sich an uns, wenn es so bleibt.',
    },
  },
};
