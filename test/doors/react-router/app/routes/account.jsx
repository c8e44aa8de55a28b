import { redirect } from 'react-router';
import { userOf } from '../sessions.js';

export async function loader({ request }) {
  const user = await userOf(request);
  if (!user) throw redirect('/');
  return { user };
}

export default function Account({ loaderData }) {
  return <a href="/billing/manage">Billing of {loaderData.user}</a>;
}
