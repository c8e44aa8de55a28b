import type { Language } from './language.ts';

const units = {
  day: ['dia', 'dias'],
  week: ['semana', 'semanas'],
  month: ['mês', 'meses'],
  year: ['ano', 'anos'],
} as const;

export const ptBR: Language = {
  tag: 'pt-BR',
  billing: 'Cobrança',
  chooseAccount: 'Escolha uma conta',
  yourAccount: 'Sua conta',
  signedInAs: (email) => `Você entrou como ${email}`,
  signIn: 'Entrar',
  signInFirst: 'Entre para ver seu plano, trocar o cartão e encontrar suas faturas.',
  manage: 'Gerenciar assinatura',
  seePlans: 'Ver planos',
  tryAgain: 'Tentar de novo',
  goToBilling: 'Ir para a cobrança',
  getHelp: 'Ajuda',
  reference: 'Referência',
  handledByStripe: 'Pagamentos e faturas são processados pela Stripe.',
  nothingYet: 'Ainda não há nada para gerenciar',
  nothingYetAdvice: 'Depois de uma compra, suas faturas e assinaturas aparecem aqui.',
  noSubscription: 'Nenhuma assinatura em vigor. Suas faturas e cartões continuam disponíveis.',
  mayBeOld: 'Estes dados podem ter alguns minutos. A Stripe sempre tem os mais recentes.',
  isBack: 'Você voltou. Está tudo atualizado.',
  flowUnavailable:
    'O que você queria fazer não era possível agora, então abrimos o resumo da sua cobrança.',
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
    resume: 'Retomar',
    changePlan: 'Mudar de plano',
    cancel: 'Cancelar',
    pause: 'Pausar',
    choose: 'Escolher',
  },
  states: {
    active: 'Ativa',
    trial: 'Teste',
    pastDue: 'Pagamento atrasado',
    paused: 'Pausada',
    cancelled: 'Cancelada',
    incomplete: 'Incompleta',
  },
  renewsOn: (date) => `Renova em ${date}`,
  trialUntil: (date) => `Teste até ${date}`,
  endsOn: (date) => `Termina em ${date}`,
  pausedUntil: (date) => `Pausada até ${date}`,
  pausedOpenly: 'Pausada até você retomar',
  pastDueAdvice: 'O último pagamento não foi concluído. Troque o cartão, por favor.',
  incompleteAdvice: 'O primeiro pagamento ainda não foi concluído.',
  per: (price, interval, count) =>
    count === 1
      ? `${price} por ${units[interval][0]}`
      : `${price} a cada ${count} ${units[interval][1]}`,
  changes: {
    cancelled: (product) => `${product} foi cancelada.`,
    resumed: (product) => `${product} continua.`,
    paused: (product) => `${product} está pausada.`,
    unpaused: (product) => `${product} não está mais pausada.`,
    changed: (product) => `Seu plano agora é ${product}.`,
    ended: () => 'Uma assinatura terminou.',
    new: (product) => `${product} é nova.`,
  },
  faults: {
    signIn: {
      title: 'Entre, por favor',
      advice: 'Precisamos saber quem você é antes de mostrar sua cobrança.',
    },
    notAccepted: {
      title: 'Sua entrada não foi aceita',
      advice: 'Entre novamente. Se não resolver, fale com a gente.',
    },
    nothingYet: {
      title: 'Ainda não há nada para gerenciar',
      advice:
        'Não há compras nesta conta. Depois de uma compra, suas faturas e assinaturas aparecem aqui.',
    },
    notYours: {
      title: 'Não conhecemos esta conta',
      advice:
        'O link indica algo que não é seu ou não existe mais. O seu está na página de cobrança.',
    },
    openAsPage: {
      title: 'Abra este endereço como página',
      advice: 'Siga o próprio link, por favor.',
    },
    otherSite: {
      title: 'Este pedido veio de outro site',
      advice: 'Abra a página de cobrança e use o botão de lá.',
    },
    unreadable: {
      title: 'Não foi possível ler este pedido',
      advice: 'Vá para a página de cobrança, por favor.',
    },
    nothingHere: {
      title: 'Não há nada aqui',
      advice: 'Sua página de cobrança fica em outro lugar.',
    },
    notReady: {
      title: 'A cobrança ainda não está pronta',
      advice: 'A falha é nossa. Já sabemos o que falta; se for urgente, fale com a gente.',
    },
    tooMany: { title: 'Muitas solicitações', advice: 'Aguarde um minuto e tente novamente.' },
    tryAgain: {
      title: 'Não funcionou desta vez',
      advice: 'Nada se perdeu. Tente de novo em instantes.',
    },
    mistake: {
      title: 'Algo deu errado',
      advice: 'O erro é nosso. Tente de novo e fale com a gente se continuar.',
    },
  },
};
