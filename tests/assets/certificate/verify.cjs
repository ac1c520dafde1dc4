// Verifies a certificate with @sigstore/bundle and @sigstore/verify:
// node verify.cjs MODULES BUNDLE PUBLIC-KEY PREDICATE-TYPE ARTIFACT-SHA256
const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");

const [modules, bundleFile, keyFile, predicateType, sha256] = process.argv.slice(2);
const load = createRequire(path.join(modules, "here.js"));
const { bundleFromJSON } = load("@sigstore/bundle");
const { Verifier, toSignedEntity } = load("@sigstore/verify");
const { createPublicKey } = load("node:crypto");

const bundle = bundleFromJSON(JSON.parse(fs.readFileSync(bundleFile, "utf8")));
const publicKey = createPublicKey(fs.readFileSync(keyFile));
// One pinned key, whatever the bundle's hint says.
const trust = {
  certificateAuthorities: [],
  timestampAuthorities: [],
  tlogs: [],
  ctlogs: [],
  publicKey: () => ({ publicKey, validFor: () => true }),
};
const offline = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 };
new Verifier(trust, offline).verify(toSignedEntity(bundle));

const statement = JSON.parse(bundle.content.dsseEnvelope.payload.toString("utf8"));
if (statement.predicateType !== predicateType) throw new Error(`predicate type ${statement.predicateType}`);
if (statement.subject[0].digest.sha256 !== sha256) throw new Error("another artifact");
console.log(`verified ${statement.predicate.verificationResult} ${statement.predicate.level}`);
