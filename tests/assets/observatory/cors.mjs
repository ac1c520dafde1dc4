// node cors.mjs NODE_MODULES: what the Observatory's own CORS test says of an origin that is reflected with
// credentials, when it is given the request's headers; prints the result and its score.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const source = join(process.argv[2], "@mdn", "mdn-http-observatory", "src");
const load = async (...parts) => import(pathToFileURL(join(source, ...parts)).href);
const { crossOriginResourceSharingTest } = await load("analyzer", "tests", "cors.js");
const { getScoreModifier } = await load("grader", "grader.js");
const origin = "https://elsewhere.example";
const headers = { "access-control-allow-origin": origin, "access-control-allow-credentials": "true" };
const judged = crossOriginResourceSharingTest({ responses: { cors: { headers, request: { headers: { origin } } } } });
console.log(judged.result, getScoreModifier(judged.result));
