import type { Language } from './language.ts';

const units = {
  day: ['día', 'días'],
  week: ['semana', 'semanas'],
  month: ['mes', 'meses'],
  year: ['año', 'años'],
} as const;

export const es: Language = {
  tag: 'es',
  billing: 'Facturación',
  chooseAccount: 'Elige una cuenta',
  yourAccount: 'Tu cuenta',
  signedInAs: (email) => `Has iniciado sesión como ${email}`,
  signIn: 'Iniciar sesión',
  signInFirst: 'Inicia sesión para ver tu plan, cambiar tu tarjeta y encontrar tus facturas.',
  manage: 'Gestionar suscripción',
  seePlans: 'Ver planes',
  tryAgain: 'Reintentar',
  goToBilling: 'Ir a facturación',
  getHelp: 'Ayuda',
  reference: 'Referencia',
  handledByStripe: 'Stripe gestiona los pagos y las facturas.',
  nothingYet: 'Todavía no hay nada que gestionar',
  nothingYetAdvice: 'Cuando compres algo, tus facturas y suscripciones aparecerán aquí.',
  noSubscription: 'No hay ninguna suscripción activa. Tus facturas y tarjetas siguen ahí.',
  mayBeOld: 'Estos datos pueden tener unos minutos. Stripe siempre tiene los más recientes.',
  isBack: 'Has vuelto. Todo está al día.',
  flowUnavailable:
    'Lo que querías hacer no era posible en este momento, así que se abrió tu resumen de facturación.',
  which: {
    customer_update: '¿Qué datos quieres cambiar?',
    payment_method_update: '¿Qué tarjeta quieres cambiar?',
    subscription_cancel: '¿Qué suscripción quieres cancelar?',
    subscription_pause: '¿Qué suscripción quieres pausar?',
    subscription_update: '¿Qué suscripción quieres cambiar?',
    subscription_update_confirm: '¿Qué suscripción quieres cambiar?',
  },
  actions: {
    updateCard: 'Cambiar tarjeta',
    resume: 'Reanudar',
    changePlan: 'Cambiar de plan',
    cancel: 'Cancelar',
    pause: 'Pausar',
    choose: 'Elegir',
  },
  states: {
    active: 'Activa',
    trial: 'Prueba',
    pastDue: 'Pago pendiente',
    paused: 'En pausa',
    cancelled: 'Cancelada',
    incomplete: 'Incompleta',
  },
  renewsOn: (date) => `Se renueva el ${date}`,
  trialUntil: (date) => `Prueba hasta el ${date}`,
  endsOn: (date) => `Termina el ${date}`,
  pausedUntil: (date) => `En pausa hasta el ${date}`,
  pausedOpenly: 'En pausa hasta que la reanudes',
  pastDueAdvice: 'El último pago no se completó. Cambia tu tarjeta, por favor.',
  incompleteAdvice: 'El primer pago aún no se ha completado.',
  per: (price, interval, count) =>
    count === 1
      ? `${price} por ${units[interval][0]}`
      : `${price} cada ${count} ${units[interval][1]}`,
  changes: {
    cancelled: (product) => `${product} está cancelada.`,
    resumed: (product) => `${product} continúa.`,
    paused: (product) => `${product} está en pausa.`,
    unpaused: (product) => `${product} ya no está en pausa.`,
    changed: (product) => `Tu plan ahora es ${product}.`,
    ended: () => 'Una suscripción ha terminado.',
    new: (product) => `${product} es nueva.`,
  },
  notYou: '¿No es usted?',
  signOut: 'Cerrar sesión',
  link: {
    opens: (owner, brand) => `Este enlace abre la facturación de ${owner} en ${brand}.`,
    opensOne: (brand) => `Este enlace abre una cuenta de facturación en ${brand}.`,
    updateDetails: 'Cambiar los datos',
    isAnother: 'Este enlace es de otra cuenta',
    signedInAs: (who) => `Ha iniciado sesión como ${who}.`,
    another: 'otra persona',
    whichOne: 'Continúe solo si esperaba este enlace.',
    continueAs: (owner) => `Continuar como ${owner}`,
    stayAs: (who) => `Seguir como ${who}`,
    stay: 'Seguir con la sesión actual',
  },
  emailSignIn: {
    title: 'Entrar por correo',
    lead: 'Escriba la dirección de correo con la que compró. Le enviaremos un enlace.',
    address: 'Correo electrónico',
    send: 'Enviar enlace',
    notAnAddress: 'Esto no es una dirección de correo.',
    sentTitle: 'Mire su bandeja de entrada',
    sent: 'Si conocemos esta dirección, un enlace va de camino. Sirve durante una hora.',
    notThere: '¿Nada después de unos minutos? Mire también en el correo no deseado.',
    another: 'Probar otra dirección',
    canSendNew: (email) => `Podemos enviar uno nuevo a ${email}.`,
    sendNew: 'Enviar un enlace nuevo',
  },
  mail: {
    subject: (brand) => `Su enlace a la facturación de ${brand}`,
    lead: (brand) => `Este es el enlace a su facturación en ${brand}.`,
    open: 'Abrir la facturación',
    lasts: 'Sirve durante una hora.',
    notYou: 'Si no lo ha pedido, puede ignorar este mensaje.',
  },
  faults: {
    signIn: {
      title: 'Inicia sesión',
      advice: 'Necesitamos saber quién eres antes de mostrar tu facturación.',
    },
    notAccepted: {
      title: 'No se aceptó tu inicio de sesión',
      advice: 'Vuelve a iniciar sesión. Si no funciona, ponte en contacto con nosotros.',
    },
    linkInvalid: {
      title: 'Este enlace no funciona',
      advice: 'Está incompleto, fue modificado o se ha retirado. Pida uno nuevo o inicie sesión.',
    },
    linkExpired: {
      title: 'Este enlace ha caducado',
      advice: 'Los enlaces sirven por tiempo limitado. Pida uno nuevo o inicie sesión.',
    },
    pressButton: {
      title: 'Pulse usted el botón',
      advice: 'Abra el enlace otra vez y pulse el botón de su página.',
    },
    tooOften: {
      title: 'Demasiado a menudo',
      advice: 'Espere un minuto e inténtelo de nuevo.',
    },
    notSeen: {
      title: 'No pudimos comprobar que es una persona',
      advice: 'Vuelva atrás e inténtelo de nuevo.',
    },
    nothingYet: {
      title: 'Todavía no hay nada que gestionar',
      advice:
        'No hay compras en esta cuenta. Cuando compres algo, tus facturas y suscripciones aparecerán aquí.',
    },
    notYours: {
      title: 'No conocemos esta cuenta',
      advice:
        'El enlace nombra algo que no es tuyo o que ya no existe. Lo tuyo está en la página de facturación.',
    },
    openAsPage: {
      title: 'Abre esta dirección como página',
      advice: 'Sigue el enlace directamente, por favor.',
    },
    otherSite: {
      title: 'Esta solicitud vino de otro sitio',
      advice: 'Abre la página de facturación y usa el botón que hay allí.',
    },
    unreadable: {
      title: 'No se puede leer esta solicitud',
      advice: 'Ve a la página de facturación, por favor.',
    },
    nothingHere: {
      title: 'Aquí no hay nada',
      advice: 'Tu página de facturación está en otro lugar.',
    },
    notReady: {
      title: 'La facturación aún no está lista',
      advice: 'Es culpa nuestra. Ya sabemos qué falta; si es urgente, ponte en contacto.',
    },
    tooMany: { title: 'Demasiadas solicitudes', advice: 'Espere un minuto y vuelva a intentarlo.' },
    tryAgain: {
      title: 'No ha funcionado',
      advice: 'No se ha perdido nada. Inténtalo de nuevo en un momento.',
    },
    mistake: {
      title: 'Algo salió mal',
      advice: 'Es un error nuestro. Inténtalo de nuevo y escríbenos si continúa.',
    },
  },
};
