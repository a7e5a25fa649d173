// An OpenID Provider that the project's authors did not write: oidc-provider, with its own login
// and consent pages. `node openid_provider.mjs '{"port":…,"clients":[…],"people":{…}}'`
// People: name → claims; any password is accepted. Prints "ready" once it listens.
import { generateKeyPair, exportJWK } from 'jose';
import * as oidc from 'oidc-provider';

const { port, clients, people } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;

const keys = [];
for (const alg of ['RS256', 'ES256']) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  keys.push({ ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `foreign-${alg}` });
}

const provider = new oidc.Provider(issuer, {
  clients,
  jwks: { keys },
  claims: {
    openid: ['sub'],
    profile: ['name', 'given_name', 'family_name', 'locale'],
    email: ['email', 'email_verified'],
    acr: null,
    auth_time: null,
  },
  conformIdTokenClaims: false, // many agencies put profile claims into the ID token
  features: {
    devInteractions: { enabled: true },
    claimsParameter: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    revocation: { enabled: true },
  },
  pkce: { required: () => false },
  cookies: { keys: ['a key of the test bed'], names: { session: `op_${port}`, interaction: `opi_${port}`, resume: `opr_${port}` } },
  async findAccount(_context, id) {
    const known = people[id];
    return known && { accountId: id, claims: async () => ({ sub: id, ...known }) };
  },
});
for (const event of ['server_error', 'grant.error', 'authorization.error']) {
  provider.on(event, (_context, error) => console.error(event, error?.message, error?.error_description ?? ''));
}
provider.listen(port, '127.0.0.1', () => console.log(`ready ${issuer}`));
