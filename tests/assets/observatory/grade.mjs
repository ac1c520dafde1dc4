// node grade.mjs NODE_MODULES PRELOAD < HOSTNAMES: scans each hostname (one a line) with the Observatory's own
// exported scan() and prints a line of JSON for each: score, grade and the ten results.
//
// The package downloads its HSTS preload list when it is installed, which needs the internet; PRELOAD (JSON) is
// handed to it instead, in place of that file.
import fs from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, preload] = process.argv.slice(2);
const read = fs.readFileSync;
fs.readFileSync = (path, ...rest) =>
  String(path).endsWith("hsts-preload.json") ? preload : read(path, ...rest);
const entry = join(modules, "@mdn", "mdn-http-observatory", "src", "index.js");
const { scan } = await import(pathToFileURL(entry).href);

for await (const hostname of createInterface({ input: process.stdin })) {
  try {
    const { scan: total, tests } = await scan(hostname);
    const results = Object.fromEntries(Object.entries(tests).map(([name, test]) => [name, test.result]));
    console.log(JSON.stringify({ score: total.score, grade: total.grade, results }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
}
