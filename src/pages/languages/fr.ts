import type { Language } from './language.ts';

const units = {
  day: ['jour', 'jours'],
  week: ['semaine', 'semaines'],
  month: ['mois', 'mois'],
  year: ['an', 'ans'],
} as const;

// Spaces that do not break: a narrow one before ? ! and ; and a wide one before a colon.
const thin = '\u202F';
const wide = '\u00A0';

export const fr = (): Language => ({
  tag: 'fr',
  colon: `${wide}: `,
  language: 'Langue',
  billing: 'Facturation',
  chooseAccount: 'Choisissez un compte',
  yourAccount: 'Votre compte',
  signedInAs: (email) => `Compte utilisé${wide}: ${email}`,
  signIn: 'Se connecter',
  signInFirst: 'Connectez-vous pour voir votre offre, changer de carte et retrouver vos factures.',
  manage: 'Gérer l’abonnement',
  seePlans: 'Voir les offres',
  tryAgain: 'Réessayer',
  goToBilling: 'Aller à la facturation',
  contactUs: 'Nous contacter',
  backTo: (brand) => `Retour à ${brand}`,
  legal: {
    imprint: 'Mentions légales',
    privacy: 'Confidentialité',
    terms: 'Conditions générales',
    accessibility: 'Accessibilité',
  },
  error: (title) => `Erreur${wide}: ${title}`,
  reference: 'Référence',
  handledByStripe: 'Stripe assure les paiements et les factures.',
  nothingYet: 'Rien à gérer pour l’instant',
  nothingYetAdvice: 'Après un achat, vos factures et vos abonnements apparaîtront ici.',
  noSubscription: 'Vous n’avez pas d’abonnement en cours. Vos factures et vos cartes restent là.',
  mayBeOld:
    'Ces informations datent peut-être de quelques minutes. Stripe a toujours les dernières.',
  flowUnavailable:
    'Ce n’était pas possible pour le moment. Nous avons donc ouvert votre espace de facturation.',
  which: {
    customer_update: `De quel compte voulez-vous modifier les coordonnées${thin}?`,
    payment_method_update: `De quel compte voulez-vous changer la carte${thin}?`,
    subscription_cancel: `Quel abonnement voulez-vous résilier${thin}?`,
    subscription_pause: `Quel abonnement voulez-vous suspendre${thin}?`,
    subscription_update: `Quel abonnement voulez-vous modifier${thin}?`,
    subscription_update_confirm: `Quel abonnement voulez-vous modifier${thin}?`,
  },
  whichAccount: {
    subscription_cancel: `L’abonnement de quel compte voulez-vous résilier${thin}?`,
    subscription_pause: `L’abonnement de quel compte voulez-vous suspendre${thin}?`,
    subscription_update: `L’abonnement de quel compte voulez-vous modifier${thin}?`,
    subscription_update_confirm: `L’abonnement de quel compte voulez-vous modifier${thin}?`,
  },
  actions: {
    updateMethod: 'Modifier le moyen de paiement',
    seeInvoices: 'Voir les factures',
    resume: 'Reprendre',
    keep: 'Annuler la résiliation',
    changePlan: 'Changer d’offre',
    changeQuantity: 'Modifier la quantité',
    pause: 'Suspendre',
    cancel: 'Résilier',
    choose: 'Choisir',
  },
  states: {
    active: 'Actif',
    trial: 'Essai',
    pastDue: 'Paiement en retard',
    invoiceDue: 'Facture en retard',
    unpaid: 'Impayé',
    paused: 'Suspendu',
    incomplete: 'Pas encore commencé',
  },
  renewsOn: (date) => `Renouvellement le ${date}`,
  changesOn: (date) => `Changement le ${date}`,
  periodEndsOn: (date) => `La période en cours se termine le ${date}`,
  trialUntil: (date) => `L’essai se termine le ${date}`,
  endsOn: (date) => `Résilié au ${date}`,
  pausedUntil: (date) => `Suspendu jusqu’au ${date}`,
  pausedOpenly: 'Suspendu jusqu’à ce que vous repreniez l’abonnement',
  pausedForNow: 'Suspendu pour le moment. Contactez-nous pour reprendre l’abonnement.',
  dueAdvice: {
    pastDue: 'Le dernier paiement a échoué.',
    invoiceDue: 'Une facture est en retard.',
    unpaid: 'Des factures sont impayées. Réglez-les pour continuer.',
    incomplete: 'L’abonnement commence dès que vous réglez la première facture.',
  },
  due: {
    payNow: 'Payer maintenant',
    since: (amount, date) => `${amount}, à payer depuis le ${date}`,
    by: (amount, date) => `${amount}, à payer au plus tard le ${date}`,
    invoice: (number) => `Facture ${number}`,
    triedAgain: (date) => `Nous réessaierons avec votre moyen de paiement le ${date}.`,
    noneOpen: 'Aucune facture n’est à régler pour le moment. Contactez-nous pour continuer.',
    onItsWay: 'Un paiement est en cours. Cela peut prendre quelques jours.',
    opensThere: 'La facture s’ouvre chez Stripe, dans cette fenêtre.',
    comeBack: (address) => `Après le paiement, revenez sur ${address}.`,
    unknown: 'Nous n’avons pas pu vérifier ce qui reste à payer.',
    which: `Quelle facture voulez-vous payer${thin}?`,
    nothing: 'Il n’y a rien à payer',
    settled: 'Merci. Votre facture est réglée.',
    linkFor: (owner, brand) => `Pour ${owner}, chez ${brand}.`,
  },
  per: (price, interval, count) => {
    const [one, many] = units[interval];
    if (count === 1) return `${price} par ${one}`;
    return `${price} ${interval === 'week' ? 'toutes' : 'tous'} les ${count} ${many}`;
  },
  free: 'Gratuit',
  total: (prices) => `Total${wide}: ${prices}`,
  beforeDiscount: (names, count) =>
    `${count > 1 ? 'Avant les remises' : 'Avant la remise'} ${names}`.trim(),
  pricing: {
    usage: 'Facturé à l’usage',
    quantity: 'Le prix dépend de la quantité',
    tax: 'Des taxes s’ajoutent au prix',
    other: 'Le montant figure sur votre facture',
  },
  pricedIn: (currency) => `Facturé en ${currency}`,
  aSubscription: 'qui était en cours',
  changes: {
    cancelled: (product) => `L’abonnement ${product} est résilié.`,
    ends: (product, date) => `L’abonnement ${product} est résilié et se termine le ${date}.`,
    resumed: (product) => `L’abonnement ${product} se renouvellera comme d’habitude.`,
    paused: (product) => `L’abonnement ${product} est suspendu.`,
    unpaused: (product) => `L’abonnement ${product} a repris.`,
    changed: (product) => `Votre offre est désormais ${product}.`,
    seats: (product, counts, last) =>
      `${product}${wide}: ${counts} ${last === 1 ? 'licence' : 'licences'}`,
    ended: (product) => `L’abonnement ${product} a pris fin.`,
    new: (product) => `L’abonnement ${product} s’est ajouté.`,
  },
  notYou: `Ce n’est pas vous${thin}?`,
  signOut: 'Se déconnecter',
  link: {
    opens: (owner, brand) => `Ce lien ouvre la facturation de ${owner} chez ${brand}.`,
    opensOne: (brand) => `Ce lien ouvre un compte de facturation chez ${brand}.`,
    openedMyself: 'J’ai ouvert ce lien moi-même',
    updateDetails: 'Modifier les coordonnées',
    cancel: 'Résilier l’abonnement',
    pause: 'Suspendre l’abonnement',
    isAnother: 'Ce lien concerne un autre compte',
    signedInAs: (who) => `Vous utilisez le compte de ${who}.`,
    signedInElse: 'Vous utilisez un autre compte.',
    whichOne: 'Ne continuez que si vous attendiez ce lien.',
    continueAs: (owner) => `Continuer avec le compte ${owner}`,
    stayAs: (who) => `Rester sur le compte ${who}`,
    stay: 'Garder la session en cours',
  },
  account: {
    another: `Continuer avec un autre compte${thin}?`,
    now: (now) => `Vous venez de vous connecter avec ${now}.`,
    nowAnother: 'Vous venez de vous connecter avec un autre compte.',
    before: (before) => `Jusqu’ici, vous utilisiez le compte de ${before}.`,
    beforeAnother: 'Jusqu’ici, vous utilisiez un autre compte.',
    continue: 'Continuer avec le nouveau compte',
    other: 'Se connecter avec un autre compte',
  },
  emailSignIn: {
    title: 'Se connecter par e-mail',
    lead: 'Saisissez l’adresse e-mail de votre achat. Nous vous enverrons un lien.',
    address: 'Adresse e-mail',
    send: 'Envoyer le lien',
    notAnAddress: 'Cela ne ressemble pas à une adresse e-mail.',
    sentTitle: 'Consultez votre messagerie',
    sent: (address) =>
      `Si nous connaissons ${address}, un lien est en route. Il est valable une heure.`,
    thisAddress: 'cette adresse',
    notThere: `Toujours rien après quelques minutes${thin}? Regardez aussi dans les indésirables.`,
    another: 'Modifier l’adresse',
    canSendNew: (email) => `Nous pouvons en envoyer un nouveau à ${email}.`,
    sendNew: 'Envoyer un nouveau lien',
    needsScript: 'Activez JavaScript et recommencez.',
  },
  mail: {
    subject: (brand) => `Votre lien vers la facturation chez ${brand}`,
    preheader: 'Un clic ouvre votre facturation. Le lien est valable une heure.',
    lead: (brand) => `Voici le lien vers votre facturation chez ${brand}.`,
    open: 'Ouvrir la facturation',
    copy: `Ou ouvrez cette adresse dans votre navigateur${wide}:`,
    warning: 'Pendant une heure, toute personne qui a ce lien peut ouvrir votre facturation.',
    notYou: 'Si vous ne l’avez pas demandé, vous pouvez ignorer cet e-mail.',
  },
  billingManager: 'Contact pour la facturation :',
  faults: {
    signIn: {
      title: 'Connectez-vous',
      advice: 'Nous devons savoir qui vous êtes avant d’afficher votre facturation.',
    },
    notAccepted: {
      title: 'La connexion a échoué',
      advice: 'Reconnectez-vous. Si cela ne suffit pas, contactez-nous.',
    },
    unfinished: {
      title: 'La connexion n’est pas terminée',
      advice: 'Reconnectez-vous. Si cela échoue encore, autorisez les cookies pour ce site.',
    },
    denied: {
      title: 'La connexion n’a pas eu lieu',
      advice: 'Elle a été annulée ou refusée. Vous pouvez réessayer.',
    },
    linkInvalid: {
      title: 'Ce lien ne fonctionne pas',
      advice:
        'Il est incomplet, modifié ou n’est plus valable. Demandez-en un nouveau ou connectez-vous.',
    },
    linkExpired: {
      title: 'Ce lien a expiré',
      advice:
        'Les liens ne sont valables qu’un certain temps. Demandez-en un nouveau ou connectez-vous.',
    },
    pressButton: {
      title: 'Appuyez vous-même sur le bouton',
      advice: 'Ouvrez de nouveau le lien et appuyez sur le bouton de sa page.',
    },
    tooOften: {
      title: 'Trop de tentatives',
      advice: 'Patientez une minute, puis réessayez.',
    },
    notSeen: {
      title: 'Nous n’avons pas pu vérifier que vous n’êtes pas un robot',
      advice: 'Réessayez.',
    },
    nothingYet: {
      title: 'Rien à gérer pour l’instant',
      advice:
        'Il n’y a aucun achat sur ce compte. Après un achat, vos factures et vos abonnements apparaîtront ici.',
    },
    notAllowed: {
      title: 'Votre rôle ne permet pas de gérer la facturation',
      advice: 'Adressez-vous à la personne qui gère la facturation dans votre organisation.',
    },
    notYours: {
      title: 'Nous ne connaissons pas ce compte',
      advice:
        'Ce lien mène à quelque chose qui n’est pas à vous ou qui n’existe plus. Retrouvez vos abonnements sur votre page de facturation.',
    },
    openAsPage: {
      title: 'Ouvrez le lien lui-même',
      advice: 'Il ne fonctionne que comme une page à part entière.',
    },
    otherSite: {
      title: 'Cette demande vient d’un autre site',
      advice: 'Allez à la facturation et utilisez le bouton qui s’y trouve.',
    },
    unreadable: {
      title: 'Nous n’avons pas pu lire cette demande',
      advice: 'Allez à la facturation et recommencez à partir de là.',
    },
    nothingHere: {
      title: 'Page introuvable',
      advice: 'Vérifiez l’adresse ou allez à la facturation.',
    },
    notReady: {
      title: 'La facturation est momentanément indisponible',
      advice: 'Rien n’a été modifié. Si c’est urgent, contactez-nous.',
    },
    tryAgain: {
      title: 'Cela n’a pas fonctionné',
      advice: 'Rien n’a été modifié. Réessayez dans un instant.',
    },
    connecting: {
      title: 'Nous relions encore votre compte',
      advice: 'Tous vos achats ne sont pas encore arrivés ici. Revenez dans quelques minutes.',
    },
    mistake: {
      title: 'Une erreur est survenue',
      advice: 'Elle vient de nous. Réessayez, et contactez-nous si elle persiste.',
    },
  },
});
