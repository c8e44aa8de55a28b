// A site on Express with express-session: `express-site.mjs PORT RECIPE`. The recipe is the code
// that adds its endpoint to `app`.
import express from 'express';
import session from 'express-session';

const [port, recipe] = process.argv.slice(2);
const app = express();

// A cookie is set by every answer: the Worker must not hand it on.
const cookie = { maxAge: 3_600_000 };
app.use(
  session({
    secret: 'only for tests',
    resave: true,
    rolling: true,
    saveUninitialized: false,
    cookie,
  }),
);
app.post('/in', (request, response) => {
  request.session.user = { id: 42, email: 'ada@example.com' };
  response.json({});
});
app.post('/out', (request, response) => {
  request.session.destroy(() => response.clearCookie('connect.sid').json({}));
});
// oxlint-disable-next-line no-implied-eval
new Function('app', recipe)(app);
app.listen(Number(port), '127.0.0.1');
