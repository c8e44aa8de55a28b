import { createCookie } from 'react-router';

export const session = createCookie('__session', { secrets: ['a secret of the shop'] });

export const userOf = async (request) => session.parse(request.headers.get('cookie'));
