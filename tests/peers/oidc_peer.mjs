// A real OpenID provider (npm oidc-provider) that signs in the person set by the test, and can put errors in its ID token.
// Usage: node oidc_peer.mjs REDIRECT_URI CLIENT_ID CLIENT_SECRET. Prints its port on the first line.
// PUT /peer {"person": {...claims}, "lie": "name"} sets who signs in and the error; GET /peer returns the last nonce.
import { createServer } from "node:http";
import * as jose from "jose";
import Provider from "oidc-provider";

const [redirectUri, clientId, clientSecret] = process.argv.slice(2);
const { privateKey, publicKey } = await jose.generateKeyPair("RS256", { extractable: true });
const other = await jose.generateKeyPair("RS256", { extractable: true });
const jwk = { ...(await jose.exportJWK(privateKey)), kid: "peer-key", alg: "RS256", use: "sig" };
const publicPem = await jose.exportSPKI(publicKey);

let person = { sub: "subject-1" };
let lie = "";
let userinfoSub = "";

const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri], response_types: ["code"], grant_types: ["authorization_code"] }],
  jwks: { keys: [jwk] },
  cookies: { keys: ["only-for-tests"] },
  claims: { openid: ["sub", "university_id", "email", "email_verified"], acr: null, amr: null },
  conformIdTokenClaims: false,
  acrValues: ["two", "one"],
  findAccount: async () => ({ accountId: person.sub, claims: async () => person }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  pkce: { required: () => true },
  renderError: async (ctx, out) => { ctx.type = "json"; ctx.body = out; },
});

async function lied(token) {
  const claims = jose.decodeJwt(token);
  const sign = (changed, key = privateKey, header = { alg: "RS256", kid: "peer-key" }) =>
    new jose.SignJWT({ ...claims, ...changed }).setProtectedHeader(header).sign(key);
  const now = Math.floor(Date.now() / 1000);
  const unsigned = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  switch (lie) {
    case "honest_again": return sign({});
    case "nonce": return sign({ nonce: "another" });
    case "no_nonce": { delete claims.nonce; return sign({}); }
    case "audience": return sign({ aud: "another-client" });
    case "two_audiences": return sign({ aud: [clientId, "another-client"], azp: "another-client" });
    case "issuer": return sign({ iss: "https://login.evil.example" });
    case "expired": return sign({ iat: now - 7200, exp: now - 3600 });
    case "from_tomorrow": return sign({ iat: now + 86400, nbf: now + 86400, exp: now + 90000 });
    case "other_key": return sign({}, other.privateKey);
    case "unknown_kid": return sign({}, other.privateKey, { alg: "RS256", kid: "nobody" });
    case "none": return `${unsigned({ alg: "none" })}.${unsigned(claims)}.`;
    case "hs256_public_key": return sign({}, new TextEncoder().encode(publicPem), { alg: "HS256", kid: "peer-key" });
    case "hs256_client_secret": return sign({}, new TextEncoder().encode(clientSecret.padEnd(32, "x")), { alg: "HS256", kid: "peer-key" });
    case "tampered": { const [head, , tail] = token.split("."); return `${head}.${unsigned({ ...claims, sub: "subject-2" })}.${tail}`; }
    case "no_subject": { delete claims.sub; return sign({}); }
    case "missing": return undefined;
    default: return token;
  }
}

provider.use(async (ctx, next) => {
  const { path, method } = ctx;
  if (path === "/peer" && method === "PUT") {
    const chunks = [];
    for await (const chunk of ctx.req) chunks.push(chunk);
    ({ person, lie = "", userinfoSub = "" } = JSON.parse(Buffer.concat(chunks)));
    ctx.body = {};
    return;
  }
  if (path.startsWith("/interaction/")) {
    const details = await provider.interactionDetails(ctx.req, ctx.res);
    if (lie === "cancelled") return provider.interactionFinished(ctx.req, ctx.res, { error: "access_denied" });
    const grant = new provider.Grant({ accountId: person.sub, clientId });
    grant.addOIDCScope("openid profile email");
    const login = { accountId: person.sub, amr: person.amr, acr: person.acr };
    await provider.interactionFinished(ctx.req, ctx.res, { login, consent: { grantId: await grant.save() } });
    return;
  }
  await next();
  if (path === "/.well-known/openid-configuration" && lie === "discovery") ctx.body = { ...ctx.body, issuer: "https://login.evil.example" };
  if (path === "/token" && ctx.body?.id_token) ctx.body = { ...ctx.body, id_token: await lied(ctx.body.id_token) };
  if (path === "/me" && userinfoSub) ctx.body = { ...ctx.body, sub: userinfoSub };
});

server.on("request", provider.callback());
console.log(server.address().port);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
