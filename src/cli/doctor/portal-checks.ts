/** The checks of the portals, and why they matter. */
export const portalChecks = {
  portal_configuration: {
    title: 'Portal configuration',
    why: 'Stripe makes no session before the portal’s settings exist, in each mode for itself.',
  },
  portal_features: {
    title: 'Features of the portal',
    why: 'A link to a step that is switched off opens the portal’s home instead.',
  },
  portal_business: {
    title: 'Business information',
    why: 'The portal shows it, and uses the default return address where a session has none.',
  },
  portal_setting: {
    title: 'Setting PORTALS',
    why: 'By it the Worker knows who gets which portal, and the page what each can do.',
  },
  portal_rules: {
    title: 'Rules of the portals',
    why: 'The first rule that holds decides. One that holds for nobody, or for the wrong people, shows in no error.',
  },
  portal_plans: {
    title: 'Plans to change to',
    why: 'The portal offers only plans that it lists.',
  },
  portal_coupons: {
    title: 'Retention coupons',
    why: 'The portal offers one to people who come to cancel.',
  },
} as const;
