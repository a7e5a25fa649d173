// A small web application whose sign-in is openid-client's, for a person in a browser:
//   /  →  /login[?extra authorization parameters]  →  /cb  →  /me  →  /logout  →  /bye
// `node relying_party.mjs '{"port":…,"issuer":…,"client_id":…,"client_secret":…,"title":…}'`
import crypto from 'node:crypto';
import http from 'node:http';
import * as client from 'openid-client';

const { port, issuer, client_id, client_secret, title } = JSON.parse(process.argv[2]);
const base = `http://127.0.0.1:${port}`;
const cookie = `rp_${port}`; // cookies do not tell ports apart
const sessions = new Map();

let found;
const discovered = () =>
  (found ??= client.discovery(new URL(issuer), client_id, client_secret, client.ClientSecretBasic(client_secret), {
    // Without the first, openid-client trusts the back channel and leaves the signature unread.
    execute: [client.enableNonRepudiationChecks, client.allowInsecureRequests],
    timeout: 10,
  }).catch((error) => { found = undefined; throw error; }));

const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><h1>${escape(title)}</h1>${body}</html>`);
};
const go = (response, location, headers = {}) => { response.writeHead(303, { location, ...headers }); response.end(); };

async function begin(url, response) {
  const config = await discovered();
  const login = { verifier: client.randomPKCECodeVerifier(), state: client.randomState(), nonce: client.randomNonce() };
  const extra = Object.fromEntries(url.searchParams);
  if (extra.max_age) login.maxAge = Number(extra.max_age);
  const handle = crypto.randomBytes(16).toString('hex');
  sessions.set(handle, { login });
  const target = client.buildAuthorizationUrl(config, {
    redirect_uri: `${base}/cb`, scope: 'openid profile email', state: login.state, nonce: login.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(login.verifier), code_challenge_method: 'S256', ...extra,
  });
  go(response, target.href, { 'set-cookie': `${cookie}=${handle}; Path=/; HttpOnly; SameSite=Lax` });
}

async function finish(url, response, session) {
  if (!session?.login) return page(response, 400, '<p id="refused">no login was begun in this browser</p>');
  const config = await discovered();
  const { verifier, state, nonce, maxAge } = session.login;
  delete session.login;
  const tokens = await client.authorizationCodeGrant(config, url, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, maxAge, idTokenExpected: true });
  const claims = tokens.claims();
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  session.person = { ...claims, ...userinfo };
  session.idToken = tokens.id_token;
  go(response, '/me');
}

async function signOut(response, handle, session) {
  const config = await discovered();
  sessions.delete(handle);
  const target = client.buildEndSessionUrl(config, { id_token_hint: session.idToken, post_logout_redirect_uri: `${base}/bye`, state: 'bye' });
  go(response, target.href, { 'set-cookie': `${cookie}=; Path=/; Max-Age=0` });
}

http.createServer(async (request, response) => {
  const url = new URL(request.url, base);
  const handle = new RegExp(`${cookie}=(\\w+)`).exec(request.headers.cookie ?? '')?.[1];
  const session = sessions.get(handle);
  try {
    if (url.pathname === '/login') return await begin(url, response);
    if (url.pathname === '/cb') return await finish(url, response, session);
    if (url.pathname === '/bye') return page(response, 200, '<p id="bye">Signed out.</p>');
    if (url.pathname === '/favicon.ico') { response.writeHead(204); return response.end(); }
    if (!session?.person) return page(response, 200, '<p><a id="sign-in" href="/login">Sign in</a></p>');
    if (url.pathname === '/logout') return await signOut(response, handle, session);
    const rows = Object.entries(session.person).map(([name, value]) => `<dt>${escape(name)}</dt><dd id="claim-${escape(name)}">${escape(typeof value === 'string' ? value : JSON.stringify(value))}</dd>`);
    page(response, 200, `<dl id="me">${rows.join('')}</dl><p><a id="sign-out" href="/logout">Sign out</a></p>`);
  } catch (error) {
    page(response, 403, `<p id="refused">${escape([error.code, error.error, error.message, error.error_description, error.cause?.message].filter(Boolean).join(' | '))}</p>`);
  }
}).listen(port, '127.0.0.1', () => console.log(`ready ${base}`));
