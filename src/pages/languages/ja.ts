import type { Language } from './language.ts';

const units = {
  day: ['日', '日'],
  week: ['週', '週間'],
  month: ['月', 'か月'],
  year: ['年', '年'],
} as const;

export const ja: Language = {
  tag: 'ja',
  billing: 'お支払い',
  chooseAccount: 'アカウントを選択してください',
  yourAccount: 'お客様のアカウント',
  signedInAs: (email) => `${email} としてログイン中`,
  signIn: 'ログイン',
  signInFirst: 'ログインすると、プランの確認、カードの変更、請求書の閲覧ができます。',
  manage: 'サブスクリプションを管理',
  seePlans: 'プランを見る',
  tryAgain: 'もう一度試す',
  goToBilling: 'お支払いページへ',
  getHelp: 'ヘルプ',
  reference: '参照番号',
  handledByStripe: 'お支払いと請求書は Stripe が取り扱います。',
  nothingYet: 'まだ管理するものはありません',
  nothingYetAdvice: 'ご購入後、請求書とサブスクリプションがここに表示されます。',
  noSubscription:
    '現在有効なサブスクリプションはありません。請求書とカードは引き続き利用できます。',
  mayBeOld: '数分前の情報の可能性があります。最新の情報は Stripe にあります。',
  isBack: 'おかえりなさい。最新の情報です。',
  flowUnavailable: 'ご希望の操作は現在行えないため、代わりにお支払いの概要を開きました。',
  which: {
    customer_update: 'どのお客様情報を変更しますか？',
    payment_method_update: 'どのカードを変更しますか？',
    subscription_cancel: 'どのサブスクリプションを解約しますか？',
    subscription_pause: 'どのサブスクリプションを一時停止しますか？',
    subscription_update: 'どのサブスクリプションを変更しますか？',
    subscription_update_confirm: 'どのサブスクリプションを変更しますか？',
  },
  actions: {
    updateCard: 'カードを変更',
    seeInvoices: '請求書を見る',
    resume: '再開',
    changePlan: 'プランを変更',
    cancel: '解約',
    choose: '選択',
  },
  states: {
    active: '有効',
    trial: 'トライアル',
    pastDue: '支払い遅延',
    invoiceDue: '請求書の期限超過',
    unpaid: '未払い',
    paused: '一時停止中',
    cancelled: '解約済み',
    incomplete: '未完了',
  },
  renewsOn: (date) => `${date}に更新`,
  changesOn: (date) => `${date}に変更`,
  periodEndsOn: (date) => `現在の期間は${date}まで`,
  trialUntil: (date) => `トライアルは${date}まで`,
  endsOn: (date) => `${date}に終了`,
  pausedUntil: (date) => `${date}まで一時停止中`,
  pausedOpenly: '再開するまで一時停止中',
  pausedForNow: '現在、一時停止中です。再開をご希望の場合はお問い合わせください。',
  dueAdvice: {
    pastDue: '前回のお支払いが完了していません。カードを変更してください。',
    invoiceDue: '支払い期限を過ぎた請求書があります。お支払いください。',
    unpaid: '未払いの請求書があります。継続するにはお支払いください。',
    incomplete: '初回の請求書が未払いです。お支払い後に開始します。',
  },
  per: (price, interval, count) =>
    count === 1 ? `${price} / ${units[interval][0]}` : `${price} / ${count}${units[interval][1]}`,
  free: '無料',
  total: (prices) => `合計：${prices}`,
  beforeDiscount: (names) => (names ? `割引（${names}）適用前` : '割引適用前'),
  pricing: {
    usage: '使用量に応じた料金',
    quantity: '料金は数量によって変わります',
    tax: '料金に税が加算されます',
    other: '金額は請求書でご確認ください',
  },
  pricedIn: (currency) => `${currency} での請求`,
  changes: {
    cancelled: (product) => `${product} を解約しました。`,
    resumed: (product) => `${product} は継続されます。`,
    paused: (product) => `${product} を一時停止しました。`,
    unpaused: (product) => `${product} の一時停止を解除しました。`,
    changed: (product) => `プランは ${product} になりました。`,
    ended: () => 'サブスクリプションが終了しました。',
    new: (product) => `${product} が追加されました。`,
  },
  notYou: '別の方ですか？',
  signOut: 'ログアウト',
  link: {
    opens: (owner, brand) => `このリンクは ${brand} での ${owner} のお支払い情報を開きます。`,
    opensOne: (brand) => `このリンクは ${brand} のお支払いアカウントを開きます。`,
    updateDetails: '登録情報を変更',
    cancel: 'サブスクリプションを解約',
    pause: 'サブスクリプションを一時停止',
    isAnother: 'このリンクは別のアカウントのものです',
    signedInAs: (who) => `${who} としてログインしています。`,
    another: '別の方',
    whichOne: '心当たりのあるリンクの場合のみ、お進みください。',
    continueAs: (owner) => `${owner} として続ける`,
    stayAs: (who) => `${who} のまま続ける`,
    stay: '現在のログインのまま続ける',
  },
  account: {
    another: '別のアカウントで続けますか？',
    now: (now) => `${now} としてログインしました。`,
    before: (before) => `これまでは ${before} としてご利用でした。`,
    other: '別のアカウントでログイン',
  },
  emailSignIn: {
    title: 'メールでログイン',
    lead: 'ご購入時のメールアドレスを入力してください。リンクをお送りします。',
    address: 'メールアドレス',
    send: 'リンクを送信',
    notAnAddress: 'メールアドレスの形式ではありません。',
    sentTitle: '受信トレイをご確認ください',
    sent: '登録のあるアドレスであれば、リンクをお送りしました。有効期間は 1 時間です。',
    notThere: '数分たっても届かない場合は、迷惑メールフォルダもご確認ください。',
    another: '別のアドレスを試す',
    canSendNew: (email) => `${email} に新しいリンクをお送りできます。`,
    sendNew: '新しいリンクを送信',
  },
  mail: {
    subject: (brand) => `${brand} のお支払いページへのリンク`,
    lead: (brand) => `${brand} のお支払いページへのリンクです。`,
    open: 'お支払いページを開く',
    lasts: '有効期間は 1 時間です。',
    notYou: 'お心当たりがない場合は、このメールを無視してください。',
  },
  faults: {
    signIn: {
      title: 'ログインしてください',
      advice: 'お支払い情報を表示するには、ご本人の確認が必要です。',
    },
    notAccepted: {
      title: 'ログインが受け付けられませんでした',
      advice: 'もう一度ログインしてください。解決しない場合はお問い合わせください。',
    },
    unfinished: {
      title: 'ログインが完了しませんでした',
      advice:
        'もう一度ログインしてください。うまくいかない場合は、このサイトのクッキーを許可してください。',
    },
    denied: {
      title: 'ログインしていません',
      advice: 'ログインが取り消されたか、許可されませんでした。もう一度お試しいただけます。',
    },
    linkInvalid: {
      title: 'このリンクは使えません',
      advice:
        'リンクが不完全か、変更されたか、取り消されています。新しいリンクを取得するか、ログインしてください。',
    },
    linkExpired: {
      title: 'このリンクは期限切れです',
      advice: 'リンクには有効期限があります。新しいリンクを取得するか、ログインしてください。',
    },
    pressButton: {
      title: 'ご自身でボタンを押してください',
      advice: 'もう一度リンクを開き、ページのボタンを押してください。',
    },
    tooOften: {
      title: '回数が多すぎます',
      advice: '1 分ほど待ってから、もう一度お試しください。',
    },
    notSeen: {
      title: '人による操作と確認できませんでした',
      advice: '前の画面に戻り、もう一度お試しください。',
    },
    nothingYet: {
      title: 'まだ管理するものはありません',
      advice:
        'このアカウントにはご購入がありません。ご購入後、請求書とサブスクリプションがここに表示されます。',
    },
    notYours: {
      title: 'このアカウントは見つかりません',
      advice:
        'リンク先はお客様のものではないか、すでに存在しません。お支払いページをご覧ください。',
    },
    openAsPage: {
      title: 'ページとして開いてください',
      advice: 'リンクを直接開いてください。',
    },
    otherSite: {
      title: '別のサイトからのリクエストです',
      advice: 'お支払いページを開き、そこにあるボタンを使ってください。',
    },
    unreadable: {
      title: 'リクエストを読み取れません',
      advice: 'お支払いページへ進んでください。',
    },
    nothingHere: {
      title: 'ここには何もありません',
      advice: 'お支払いページは別の場所にあります。',
    },
    notReady: {
      title: 'お支払いページは現在ご利用いただけません',
      advice: '当方の問題です。原因は把握しています。お急ぎの場合はお問い合わせください。',
    },
    tooMany: {
      title: 'リクエストが多すぎます',
      advice: '1 分ほど待ってから、もう一度お試しください。',
    },
    tryAgain: {
      title: 'うまくいきませんでした',
      advice: '失われたものはありません。しばらくしてからもう一度お試しください。',
    },
    connecting: {
      title: 'アカウントを接続しています',
      advice: '購入情報の取り込みがまだ完了していません。数分後にもう一度お越しください。',
    },
    mistake: {
      title: '問題が発生しました',
      advice: '当方の不具合です。もう一度お試しいただき、続く場合はお問い合わせください。',
    },
  },
};
