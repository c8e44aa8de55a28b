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
  isBack: 'Hola de nuevo. Estos datos están actualizados.',
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
    updateMethod: 'Actualizar el método de pago',
    seeInvoices: 'Ver facturas',
    resume: 'Reanudar',
    changePlan: 'Cambiar de plan',
    changeQuantity: 'Cambiar la cantidad',
    pause: 'Pausar',
    cancel: 'Cancelar',
    choose: 'Elegir',
  },
  states: {
    active: 'Activa',
    trial: 'Prueba',
    pastDue: 'Pago vencido',
    invoiceDue: 'Factura vencida',
    unpaid: 'Impagada',
    paused: 'En pausa',
    cancelled: 'Cancelada',
    incomplete: 'Incompleta',
  },
  renewsOn: (date) => `Se renueva el ${date}`,
  changesOn: (date) => `Cambia el ${date}`,
  periodEndsOn: (date) => `Este período termina el ${date}`,
  trialUntil: (date) => `Prueba hasta el ${date}`,
  endsOn: (date) => `Termina el ${date}`,
  pausedUntil: (date) => `En pausa hasta el ${date}`,
  pausedOpenly: 'En pausa hasta que la reanudes',
  pausedForNow: 'En pausa por ahora. Escríbenos si quieres continuar.',
  dueAdvice: {
    pastDue: 'El último pago no se completó.',
    invoiceDue: 'Hay una factura vencida. Págala, por favor.',
    unpaid: 'Hay facturas sin pagar. Págalas para continuar.',
    incomplete: 'La primera factura aún no está pagada. Págala para empezar.',
  },
  due: {
    payNow: 'Pagar ahora',
    since: (amount, date) => `${amount}, pendiente desde el ${date}`,
    by: (amount, date) => `${amount}, a pagar hasta el ${date}`,
    invoice: (number) => `Factura ${number}`,
    triedAgain: (date) => `Volveremos a cobrar con tu método de pago el ${date}.`,
    noneOpen:
      'Ahora mismo no hay ninguna factura que pagar. Ponte en contacto con nosotros para continuar.',
    onItsWay: 'Hay un pago en curso. Puede tardar unos días.',
    opensThere: 'La factura se abre en Stripe, en esta ventana.',
    comeBack: (address) => `Después de pagar, vuelve a ${address}.`,
    unknown: 'No hemos podido consultar ahora lo que está pendiente.',
    which: '¿Qué factura quieres pagar?',
    nothing: 'No hay nada pendiente',
    settled: 'Gracias. La factura está saldada.',
    linkFor: (owner, brand) => `Para ${owner}, en ${brand}.`,
  },
  per: (price, interval, count) =>
    count === 1
      ? `${price} por ${units[interval][0]}`
      : `${price} cada ${count} ${units[interval][1]}`,
  free: 'Gratis',
  total: (prices) => `Total: ${prices}`,
  beforeDiscount: (names, count) =>
    `${count > 1 ? 'Antes de los descuentos' : 'Antes del descuento'} ${names}`.trim(),
  pricing: {
    usage: 'Se cobra según el uso',
    quantity: 'El precio depende de la cantidad',
    tax: 'Al precio se le suman impuestos',
    other: 'El importe está en tu factura',
  },
  pricedIn: (currency) => `Se cobra en ${currency}`,
  changes: {
    cancelled: (product) => `Se ha cancelado ${product}.`,
    resumed: (product) => `${product} continúa.`,
    paused: (product) => `${product} está en pausa.`,
    unpaused: (product) => `${product} ya no está en pausa.`,
    changed: (product) => `Tu plan ahora es ${product}.`,
    ended: () => 'Una suscripción ha terminado.',
    new: (product) => `Se ha añadido ${product}.`,
  },
  notYou: '¿No eres tú?',
  signOut: 'Cerrar sesión',
  link: {
    opens: (owner, brand) => `Este enlace abre la facturación de ${owner} en ${brand}.`,
    opensOne: (brand) => `Este enlace abre una cuenta de facturación en ${brand}.`,
    updateDetails: 'Cambiar los datos',
    cancel: 'Cancelar la suscripción',
    pause: 'Pausar la suscripción',
    isAnother: 'Este enlace es de otra cuenta',
    signedInAs: (who) => `Has iniciado sesión como ${who}.`,
    another: 'otra persona',
    whichOne: 'Continúa solo si esperabas este enlace.',
    continueAs: (owner) => `Continuar como ${owner}`,
    stayAs: (who) => `Seguir como ${who}`,
    stay: 'Seguir con la sesión actual',
  },
  account: {
    another: '¿Continuar con otra cuenta?',
    now: (now) => `Acabas de iniciar sesión como ${now}.`,
    before: (before) => `Hasta ahora estabas aquí como ${before}.`,
    other: 'Iniciar sesión con otra cuenta',
  },
  emailSignIn: {
    title: 'Entrar por correo',
    lead: 'Escribe la dirección de correo con la que compraste. Te enviaremos un enlace.',
    address: 'Correo electrónico',
    send: 'Enviar enlace',
    notAnAddress: 'Esto no es una dirección de correo.',
    sentTitle: 'Mira tu bandeja de entrada',
    sent: 'Si conocemos esta dirección, un enlace va de camino. Sirve durante una hora.',
    notThere: '¿No ha llegado en unos minutos? Mira también en el correo no deseado.',
    another: 'Probar otra dirección',
    canSendNew: (email) => `Podemos enviar uno nuevo a ${email}.`,
    sendNew: 'Enviar un enlace nuevo',
  },
  mail: {
    subject: (brand) => `Tu enlace a la facturación de ${brand}`,
    lead: (brand) => `Este es el enlace a tu facturación en ${brand}.`,
    open: 'Abrir la facturación',
    lasts: 'Sirve durante una hora.',
    notYou: 'Si no lo has pedido, puedes ignorar este mensaje.',
  },
  billingManager: 'Contacto para la facturación:',
  faults: {
    signIn: {
      title: 'Inicia sesión',
      advice: 'Necesitamos saber quién eres antes de mostrar tu facturación.',
    },
    notAccepted: {
      title: 'No se aceptó tu inicio de sesión',
      advice: 'Vuelve a iniciar sesión. Si no funciona, ponte en contacto con nosotros.',
    },
    unfinished: {
      title: 'No se completó tu inicio de sesión',
      advice: 'Vuelve a iniciar sesión. Si falla otra vez, permite las cookies de este sitio.',
    },
    denied: {
      title: 'No has iniciado sesión',
      advice: 'El inicio de sesión se canceló o no se permitió. Puedes intentarlo de nuevo.',
    },
    linkInvalid: {
      title: 'Este enlace no funciona',
      advice: 'Está incompleto, se ha modificado o se ha retirado. Pide uno nuevo o inicia sesión.',
    },
    linkExpired: {
      title: 'Este enlace ha caducado',
      advice: 'Los enlaces sirven por tiempo limitado. Pide uno nuevo o inicia sesión.',
    },
    pressButton: {
      title: 'Pulsa tú el botón',
      advice: 'Abre el enlace otra vez y pulsa el botón de su página.',
    },
    tooOften: {
      title: 'Demasiados intentos',
      advice: 'Espera un minuto e inténtalo de nuevo.',
    },
    notSeen: {
      title: 'No pudimos comprobar que eres una persona',
      advice: 'Vuelve atrás e inténtalo de nuevo.',
    },
    nothingYet: {
      title: 'Todavía no hay nada que gestionar',
      advice:
        'No hay compras en esta cuenta. Cuando compres algo, tus facturas y suscripciones aparecerán aquí.',
    },
    notAllowed: {
      title: 'Tu rol no incluye la facturación',
      advice: 'Habla con la persona que gestiona la facturación en tu organización.',
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
      advice:
        'Es culpa nuestra. Ya sabemos qué falta; si es urgente, ponte en contacto con nosotros.',
    },
    tooMany: { title: 'Demasiadas solicitudes', advice: 'Espera un minuto y vuelve a intentarlo.' },
    tryAgain: {
      title: 'No ha funcionado',
      advice: 'No se ha perdido nada. Inténtalo de nuevo en un momento.',
    },
    connecting: {
      title: 'Tu cuenta todavía se está conectando',
      advice: 'Aún no han llegado todas las compras. Vuelve dentro de unos minutos.',
    },
    mistake: {
      title: 'Algo salió mal',
      advice: 'Es un error nuestro. Inténtalo de nuevo y escríbenos si continúa.',
    },
  },
};
