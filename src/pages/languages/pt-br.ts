import type { Language } from './language.ts';

const units = {
  day: ['dia', 'dias'],
  week: ['semana', 'semanas'],
  month: ['mês', 'meses'],
  year: ['ano', 'anos'],
} as const;

export const ptBR: Language = {
  tag: 'pt-BR',
  billing: 'Assinatura e pagamentos',
  chooseAccount: 'Escolha uma conta',
  yourAccount: 'Sua conta',
  signedInAs: (email) => `Você entrou como ${email}`,
  signIn: 'Entrar',
  signInFirst: 'Entre para ver seu plano, trocar o cartão e encontrar suas faturas.',
  manage: 'Gerenciar assinatura',
  seePlans: 'Ver planos',
  tryAgain: 'Tentar de novo',
  goToBilling: 'Ir para assinatura e pagamentos',
  getHelp: 'Ajuda',
  reference: 'Referência',
  handledByStripe: 'Pagamentos e faturas são processados pela Stripe.',
  nothingYet: 'Ainda não há nada para gerenciar',
  nothingYetAdvice: 'Depois de uma compra, suas faturas e assinaturas aparecem aqui.',
  noSubscription: 'Nenhuma assinatura em vigor. Suas faturas e cartões continuam disponíveis.',
  mayBeOld: 'Estes dados podem ter alguns minutos. A Stripe sempre tem os mais recentes.',
  isBack: 'Que bom ver você de novo. Estes dados estão atualizados.',
  flowUnavailable:
    'O que você queria fazer não era possível agora, então abrimos sua página de assinatura e pagamentos.',
  which: {
    customer_update: 'Quais dados você quer alterar?',
    payment_method_update: 'Qual cartão você quer trocar?',
    subscription_cancel: 'Qual assinatura você quer cancelar?',
    subscription_pause: 'Qual assinatura você quer pausar?',
    subscription_update: 'Qual assinatura você quer alterar?',
    subscription_update_confirm: 'Qual assinatura você quer alterar?',
  },
  actions: {
    updateCard: 'Trocar cartão',
    seeInvoices: 'Ver faturas',
    resume: 'Retomar',
    changePlan: 'Mudar de plano',
    cancel: 'Cancelar',
    choose: 'Escolher',
  },
  states: {
    active: 'Ativa',
    trial: 'Teste',
    pastDue: 'Pagamento atrasado',
    invoiceDue: 'Fatura vencida',
    unpaid: 'Não paga',
    paused: 'Pausada',
    cancelled: 'Cancelada',
    incomplete: 'Incompleta',
  },
  renewsOn: (date) => `Renova em ${date}`,
  changesOn: (date) => `Muda em ${date}`,
  periodEndsOn: (date) => `Este período termina em ${date}`,
  trialUntil: (date) => `Teste até ${date}`,
  endsOn: (date) => `Termina em ${date}`,
  pausedUntil: (date) => `Pausada até ${date}`,
  pausedOpenly: 'Pausada até você retomar',
  pausedForNow: 'Pausada por enquanto. Fale com a gente se quiser continuar.',
  dueAdvice: {
    pastDue: 'O último pagamento não foi concluído. Troque o cartão, por favor.',
    invoiceDue: 'Há uma fatura vencida. Pague-a, por favor.',
    unpaid: 'Há faturas não pagas. Pague-as para continuar.',
    incomplete: 'A primeira fatura ainda não foi paga. Pague-a para começar.',
  },
  per: (price, interval, count) =>
    count === 1
      ? `${price} por ${units[interval][0]}`
      : `${price} a cada ${count} ${units[interval][1]}`,
  free: 'Grátis',
  total: (prices) => `Total: ${prices}`,
  beforeDiscount: (names, count) =>
    `${count > 1 ? 'Antes dos descontos' : 'Antes do desconto'} ${names}`.trim(),
  pricing: {
    usage: 'Cobrada pelo uso',
    quantity: 'O preço depende da quantidade',
    tax: 'Impostos são acrescentados ao preço',
    other: 'O valor está na sua fatura',
  },
  pricedIn: (currency) => `Cobrada em ${currency}`,
  changes: {
    cancelled: (product) => `A assinatura ${product} foi cancelada.`,
    resumed: (product) => `A assinatura ${product} continua.`,
    paused: (product) => `A assinatura ${product} está pausada.`,
    unpaused: (product) => `A assinatura ${product} não está mais pausada.`,
    changed: (product) => `Seu plano agora é ${product}.`,
    ended: () => 'Uma assinatura terminou.',
    new: (product) => `A assinatura ${product} é nova.`,
  },
  notYou: 'Não é você?',
  signOut: 'Sair',
  link: {
    opens: (owner, brand) => `Este link abre a página de pagamentos de ${owner} em ${brand}.`,
    opensOne: (brand) => `Este link abre uma página de pagamentos em ${brand}.`,
    updateDetails: 'Alterar dados',
    cancel: 'Cancelar assinatura',
    pause: 'Pausar assinatura',
    isAnother: 'Este link é de outra conta',
    signedInAs: (who) => `Você entrou como ${who}.`,
    another: 'outra pessoa',
    whichOne: 'Só continue se você esperava este link.',
    continueAs: (owner) => `Continuar como ${owner}`,
    stayAs: (who) => `Continuar conectado como ${who}`,
    stay: 'Continuar conectado como está',
  },
  account: {
    another: 'Continuar com outra conta?',
    now: (now) => `Você acabou de entrar como ${now}.`,
    before: (before) => `Até agora você estava aqui como ${before}.`,
    other: 'Entrar com outra conta',
  },
  emailSignIn: {
    title: 'Entrar por e-mail',
    lead: 'Digite o e-mail usado na compra. Enviaremos um link para você.',
    address: 'E-mail',
    send: 'Enviar link',
    notAnAddress: 'Isto não é um endereço de e-mail.',
    sentTitle: 'Veja sua caixa de entrada',
    sent: 'Se conhecemos este endereço, um link está a caminho. Ele funciona por uma hora.',
    notThere: 'Nada depois de alguns minutos? Veja também a pasta de spam.',
    another: 'Tentar outro endereço',
    canSendNew: (email) => `Podemos enviar um novo para ${email}.`,
    sendNew: 'Enviar um novo link',
  },
  mail: {
    subject: (brand) => `Seu link para gerenciar sua assinatura em ${brand}`,
    lead: (brand) => `Aqui está o link para gerenciar sua assinatura em ${brand}.`,
    open: 'Abrir minha assinatura',
    lasts: 'Ele funciona por uma hora.',
    notYou: 'Se você não o pediu, pode ignorar este e-mail.',
  },
  faults: {
    signIn: {
      title: 'Faça login para continuar',
      advice: 'Precisamos saber quem você é antes de mostrar seus pagamentos.',
    },
    notAccepted: {
      title: 'Seu login não foi aceito',
      advice: 'Entre novamente. Se não resolver, fale com a gente.',
    },
    unfinished: {
      title: 'Seu login não foi concluído',
      advice: 'Entre novamente. Se falhar outra vez, permita os cookies deste site.',
    },
    denied: {
      title: 'Você não entrou',
      advice: 'O login foi cancelado ou não foi permitido. Você pode tentar de novo.',
    },
    linkInvalid: {
      title: 'Este link não funciona',
      advice: 'Ele está incompleto, foi alterado ou retirado. Peça um novo ou entre na sua conta.',
    },
    linkExpired: {
      title: 'Este link expirou',
      advice: 'Os links funcionam por tempo limitado. Peça um novo ou entre na sua conta.',
    },
    pressButton: {
      title: 'Aperte você mesmo o botão',
      advice: 'Abra o link de novo e aperte o botão da página.',
    },
    tooOften: {
      title: 'Muitas tentativas',
      advice: 'Espere um minuto e tente de novo.',
    },
    notSeen: {
      title: 'Não conseguimos confirmar que você é uma pessoa',
      advice: 'Volte e tente de novo.',
    },
    nothingYet: {
      title: 'Ainda não há nada para gerenciar',
      advice:
        'Não há compras nesta conta. Depois de uma compra, suas faturas e assinaturas aparecem aqui.',
    },
    notYours: {
      title: 'Não conhecemos esta conta',
      advice:
        'O link indica algo que não é seu ou não existe mais. O seu está na página de pagamentos.',
    },
    openAsPage: {
      title: 'Abra este endereço como página',
      advice: 'Siga o próprio link, por favor.',
    },
    otherSite: {
      title: 'Esta solicitação veio de outro site',
      advice: 'Abra a página de pagamentos e use o botão de lá.',
    },
    unreadable: {
      title: 'Não foi possível ler esta solicitação',
      advice: 'Vá para a página de pagamentos, por favor.',
    },
    nothingHere: {
      title: 'Não há nada aqui',
      advice: 'Sua página de pagamentos fica em outro endereço.',
    },
    notReady: {
      title: 'A página de pagamentos ainda não está pronta',
      advice: 'A falha é nossa. Já sabemos o que falta; se for urgente, fale com a gente.',
    },
    tooMany: { title: 'Muitas solicitações', advice: 'Aguarde um minuto e tente novamente.' },
    tryAgain: {
      title: 'Não funcionou desta vez',
      advice: 'Nada se perdeu. Tente de novo em instantes.',
    },
    connecting: {
      title: 'Sua conta ainda está sendo conectada',
      advice: 'Nem todas as compras chegaram aqui ainda. Volte em alguns minutos.',
    },
    mistake: {
      title: 'Algo deu errado',
      advice: 'O erro é nosso. Tente de novo e fale com a gente se continuar.',
    },
  },
};
