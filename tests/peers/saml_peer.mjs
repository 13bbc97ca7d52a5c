// A real SAML identity provider (npm samlp with express) that signs in the person set by the test, and can be made to fail.
// Usage: node saml_peer.mjs KEY.pem CERT.pem OTHER_KEY.pem. Prints its port on the first line.
// PUT /peer {"person": {...}, "options": {...samlp options}, "otherKey": bool} sets the response to the next sign-in.
import { readFileSync } from "node:fs";
import express from "express";
import samlp from "samlp";

const [key, cert, otherKey] = process.argv.slice(2).map((file) => readFileSync(file));
let now = { person: {}, options: {} };

function PeerMapper(person) {
  return {
    getClaims: () => person.attributes ?? {},
    getNameIdentifier: () => ({ nameIdentifier: person.subject, nameIdentifierFormat: person.format }),
  };
}

const app = express();
app.put("/peer", express.json(), (request, response) => {
  now = request.body;
  response.json({});
});
app.get("/sso", (request, response, next) => {
  const acs = new URL(now.acs);
  samlp.auth({
    issuer: now.issuer,
    cert,
    key: now.otherKey ? otherKey : key,
    profileMapper: PeerMapper,
    getUserFromRequest: () => now.person,
    getPostURL: (audience, dom, asked, done) => done(null, String(acs)),
    destination: now.acs,
    recipient: now.acs,
    lifetimeInSeconds: 300,
    ...now.options,
  })(request, response, next);
});
app.get("/unsolicited", (request, response, next) => {
  samlp.getSamlResponse(
    { issuer: now.issuer, cert, key, profileMapper: PeerMapper, destination: now.acs, recipient: now.acs, signatureAlgorithm: "rsa-sha256", digestAlgorithm: "sha256", ...now.options },
    now.person,
    (problem, xml) => (problem ? next(problem) : response.send(Buffer.from(xml).toString("base64"))),
  );
});
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
