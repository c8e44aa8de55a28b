import type { Language } from './language.ts';

const units = {
  day: ['jour', 'jours'],
  week: ['semaine', 'semaines'],
  month: ['mois', 'mois'],
  year: ['an', 'ans'],
} as const;

export const fr: Language = {
  tag: 'fr',
  billing: 'Facturation',
  chooseAccount: 'Choisissez un compte',
  yourAccount: 'Votre compte',
  signedInAs: (email) => `Connecté en tant que ${email}`,
  signIn: 'Se connecter',
  signInFirst: 'Connectez-vous pour voir votre offre, changer de carte et retrouver vos factures.',
  manage: 'Gérer l’abonnement',
  seePlans: 'Voir les offres',
  tryAgain: 'Réessayer',
  goToBilling: 'Aller à la facturation',
  getHelp: 'Aide',
  reference: 'Référence',
  handledByStripe: 'Les paiements et les factures sont gérés par Stripe.',
  nothingYet: 'Rien à gérer pour l’instant',
  nothingYetAdvice: 'Après un achat, vos factures et abonnements apparaîtront ici.',
  noSubscription: 'Aucun abonnement en cours. Vos factures et vos cartes restent accessibles.',
  mayBeOld:
    'Ces informations datent peut-être de quelques minutes. Stripe a toujours les dernières.',
  isBack: 'Bon retour. Ces informations sont à jour.',
  flowUnavailable:
    'Ce que vous vouliez faire n’était pas possible ; votre espace de facturation s’est ouvert à la place.',
  which: {
    customer_update: 'Quelles coordonnées voulez-vous modifier ?',
    payment_method_update: 'Quelle carte voulez-vous remplacer ?',
    subscription_cancel: 'Quel abonnement voulez-vous résilier ?',
    subscription_pause: 'Quel abonnement voulez-vous mettre en pause ?',
    subscription_update: 'Quel abonnement voulez-vous modifier ?',
    subscription_update_confirm: 'Quel abonnement voulez-vous modifier ?',
  },
  actions: {
    updateMethod: 'Modifier le moyen de paiement',
    seeInvoices: 'Voir les factures',
    resume: 'Reprendre',
    changePlan: 'Changer d’offre',
    changeQuantity: 'Modifier la quantité',
    pause: 'Mettre en pause',
    cancel: 'Résilier',
    choose: 'Choisir',
  },
  states: {
    active: 'Actif',
    trial: 'Essai',
    pastDue: 'Paiement en retard',
    invoiceDue: 'Facture en retard',
    unpaid: 'Impayé',
    paused: 'En pause',
    cancelled: 'Résilié',
    incomplete: 'Incomplet',
  },
  renewsOn: (date) => `Renouvellement le ${date}`,
  changesOn: (date) => `Changement le ${date}`,
  periodEndsOn: (date) => `La période se termine le ${date}`,
  trialUntil: (date) => `Essai jusqu’au ${date}`,
  endsOn: (date) => `Se termine le ${date}`,
  pausedUntil: (date) => `En pause jusqu’au ${date}`,
  pausedOpenly: 'En pause jusqu’à ce que vous le repreniez',
  pausedForNow: 'En pause pour le moment. Contactez-nous pour le reprendre.',
  dueAdvice: {
    pastDue: 'Le dernier paiement a échoué.',
    invoiceDue: 'Une facture est en retard. Veuillez la régler.',
    unpaid: 'Des factures sont impayées. Veuillez les régler pour continuer.',
    incomplete: 'La première facture n’est pas encore réglée. Réglez-la pour commencer.',
  },
  due: {
    payNow: 'Payer maintenant',
    since: (amount, date) => `${amount}, à payer depuis le ${date}`,
    by: (amount, date) => `${amount}, à payer au plus tard le ${date}`,
    invoice: (number) => `Facture ${number}`,
    triedAgain: (date) => `Nous débiterons à nouveau votre moyen de paiement le ${date}.`,
    noneOpen: 'Aucune facture n’est à régler pour le moment. Contactez-nous pour continuer.',
    onItsWay: 'Un paiement est en cours. Cela peut prendre quelques jours.',
    opensThere: 'La facture s’ouvre chez Stripe, dans cette fenêtre.',
    comeBack: (address) => `Après le paiement, revenez sur ${address}.`,
    unknown: 'Le montant dû n’a pas pu être vérifié pour le moment.',
    which: 'Quelle facture souhaitez-vous payer ?',
    nothing: 'Il n’y a rien à payer',
    settled: 'Merci. La facture est réglée.',
    linkFor: (owner, brand) => `Pour ${owner}, chez ${brand}.`,
  },
  per: (price, interval, count) => {
    const [one, many] = units[interval];
    if (count === 1) return `${price} par ${one}`;
    return `${price} ${interval === 'week' ? 'toutes' : 'tous'} les ${count} ${many}`;
  },
  free: 'Gratuit',
  total: (prices) => `Total : ${prices}`,
  beforeDiscount: (names, count) =>
    `${count > 1 ? 'Avant les remises' : 'Avant la remise'} ${names}`.trim(),
  pricing: {
    usage: 'Facturé à l’usage',
    quantity: 'Le prix dépend de la quantité',
    tax: 'Des taxes s’ajoutent au prix',
    other: 'Le montant figure sur votre facture',
  },
  pricedIn: (currency) => `Facturé en ${currency}`,
  changes: {
    cancelled: (product) => `${product} est résilié.`,
    resumed: (product) => `${product} continue.`,
    paused: (product) => `${product} est en pause.`,
    unpaused: (product) => `${product} n’est plus en pause.`,
    changed: (product) => `Votre offre est maintenant ${product}.`,
    ended: () => 'Un abonnement a pris fin.',
    new: (product) => `${product} est nouveau.`,
  },
  notYou: 'Ce n’est pas vous ?',
  signOut: 'Se déconnecter',
  link: {
    opens: (owner, brand) => `Ce lien ouvre la facturation de ${owner} chez ${brand}.`,
    opensOne: (brand) => `Ce lien ouvre un compte de facturation chez ${brand}.`,
    openedMyself: 'J’ai ouvert ce lien moi-même',
    updateDetails: 'Modifier les coordonnées',
    cancel: 'Résilier l’abonnement',
    pause: 'Mettre l’abonnement en pause',
    isAnother: 'Ce lien concerne un autre compte',
    signedInAs: (who) => `Vous êtes connecté en tant que ${who}.`,
    another: 'quelqu’un d’autre',
    whichOne: 'Ne continuez que si vous attendiez ce lien.',
    continueAs: (owner) => `Continuer en tant que ${owner}`,
    stayAs: (who) => `Rester connecté en tant que ${who}`,
    stay: 'Rester connecté comme maintenant',
  },
  account: {
    another: 'Continuer avec un autre compte ?',
    now: (now) => `Vous venez de vous connecter en tant que ${now}.`,
    before: (before) => `Jusqu’ici, vous étiez connecté en tant que ${before}.`,
    other: 'Se connecter avec un autre compte',
  },
  emailSignIn: {
    title: 'Se connecter par e-mail',
    lead: 'Saisissez l’adresse e-mail de votre achat. Nous vous enverrons un lien.',
    address: 'Adresse e-mail',
    send: 'Envoyer le lien',
    notAnAddress: 'Ce n’est pas une adresse e-mail.',
    sentTitle: 'Consultez votre messagerie',
    sent: 'Si nous connaissons cette adresse, un lien est en route. Il est valable une heure.',
    notThere: 'Toujours rien après quelques minutes ? Regardez aussi dans les indésirables.',
    another: 'Essayer une autre adresse',
    canSendNew: (email) => `Nous pouvons en envoyer un nouveau à ${email}.`,
    sendNew: 'Envoyer un nouveau lien',
  },
  mail: {
    subject: (brand) => `Votre lien vers la facturation chez ${brand}`,
    lead: (brand) => `Voici le lien vers votre facturation chez ${brand}.`,
    open: 'Ouvrir la facturation',
    lasts: 'Il est valable une heure.',
    notYou: 'Si vous ne l’avez pas demandé, vous pouvez ignorer ce message.',
  },
  billingManager: 'Contact pour la facturation :',
  faults: {
    signIn: {
      title: 'Veuillez vous connecter',
      advice: 'Nous devons savoir qui vous êtes avant d’afficher votre facturation.',
    },
    notAccepted: {
      title: 'Votre connexion n’a pas été acceptée',
      advice: 'Veuillez vous reconnecter. Si cela ne suffit pas, contactez-nous.',
    },
    unfinished: {
      title: 'Votre connexion n’a pas abouti',
      advice:
        'Veuillez vous reconnecter. Si cela échoue encore, autorisez les cookies pour ce site.',
    },
    denied: {
      title: 'Vous n’êtes pas connecté',
      advice: 'La connexion a été annulée ou refusée. Vous pouvez réessayer.',
    },
    linkInvalid: {
      title: 'Ce lien ne fonctionne pas',
      advice: 'Il est incomplet, modifié ou retiré. Demandez-en un nouveau ou connectez-vous.',
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
      title: 'Un peu trop souvent',
      advice: 'Patientez une minute puis réessayez.',
    },
    notSeen: {
      title: 'Nous n’avons pas pu voir que vous êtes une personne',
      advice: 'Revenez en arrière et réessayez.',
    },
    nothingYet: {
      title: 'Rien à gérer pour l’instant',
      advice:
        'Il n’y a aucun achat sur ce compte. Après un achat, vos factures et abonnements apparaîtront ici.',
    },
    notAllowed: {
      title: 'Votre rôle ne permet pas de gérer la facturation',
      advice: 'Adressez-vous à la personne qui gère la facturation dans votre organisation.',
    },
    notYours: {
      title: 'Nous ne connaissons pas ce compte',
      advice:
        'Le lien désigne quelque chose qui n’est pas à vous ou qui n’existe plus. Le vôtre est sur la page de facturation.',
    },
    openAsPage: {
      title: 'Ouvrez cette adresse comme une page',
      advice: 'Veuillez suivre le lien lui-même.',
    },
    otherSite: {
      title: 'Cette requête vient d’un autre site',
      advice: 'Veuillez ouvrir la page de facturation et utiliser le bouton qui s’y trouve.',
    },
    unreadable: {
      title: 'Cette requête est illisible',
      advice: 'Veuillez aller à la page de facturation.',
    },
    nothingHere: {
      title: 'Il n’y a rien ici',
      advice: 'Votre page de facturation est ailleurs.',
    },
    notReady: {
      title: 'La facturation n’est pas encore prête',
      advice: 'C’est de notre fait. Nous savons ce qui manque ; si c’est urgent, contactez-nous.',
    },
    tooMany: {
      title: 'Trop de demandes',
      advice: 'Veuillez patienter une minute, puis réessayer.',
    },
    tryAgain: {
      title: 'Cela n’a pas fonctionné',
      advice: 'Rien n’est perdu. Veuillez réessayer dans un instant.',
    },
    connecting: {
      title: 'Votre compte est en cours de connexion',
      advice:
        'Tous les achats ne sont pas encore arrivés ici. Veuillez revenir dans quelques minutes.',
    },
    mistake: {
      title: 'Une erreur est survenue',
      advice: 'C’est notre erreur. Veuillez réessayer, et contactez-nous si elle persiste.',
    },
  },
};
