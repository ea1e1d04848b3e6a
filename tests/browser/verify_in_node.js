/**
 * Runs the scanner page's verifier in Node. Reads JSON objects from standard input, one a line, until there are no more:
 *   {"certificates": [base64], "trust_list": base64 or null, "statuses": [base64 or {"snapshot", "deltas"}], "issued": [base64],
 *    "cases": [{"kind": "vdv", "qr" or "code" (either), "data": base64, "at": milliseconds}]}
 * and writes a line for each: {"findings": [...]} as `issuance verify` prints them, or {"unusable": reason}. A list of such
 * objects gets a list of answers.
 */

import { createInterface } from "node:readline";

const folder = new URL("../../services/issuance/src/issuance/web/static/verify/", import.meta.url);
const { fromBase64 } = await import(new URL("bytes.js", folder));
const { Unusable } = await import(new URL("refusal.js", folder));
const { assemble } = await import(new URL("trust.js", folder));
const { Verifier } = await import(new URL("verifier.js", folder));

const followed = ({ snapshot, deltas }) => ({ snapshot: fromBase64(snapshot), deltas: deltas.map(fromBase64) });

async function answer(input) {
  const trusted = input.trust_list === null ? null : fromBase64(input.trust_list);
  const [certificates, issued] = [input.certificates, input.issued].map((some) => some.map(fromBase64));
  const statuses = input.statuses.map((one) => (typeof one === "string" ? fromBase64(one) : followed(one)));
  const verifier = new Verifier(await assemble(certificates, trusted, statuses, issued));
  const findings = [];
  for (const { kind, data, at } of input.cases) {
    const content = fromBase64(data);
    if (kind === "code") findings.push(await verifier.verify(content, at));
    else if (kind === "vdv") findings.push(await verifier.verifyVdv(content, at));
    else findings.push(await verifier.verifyQr(String.fromCharCode(...content), at));
  }
  return { findings };
}

const orUnusable = (one) => answer(one).catch((error) => {
  if (error instanceof Unusable) return { unusable: error.reason };
  throw error;
});

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const input = JSON.parse(line);
  const output = Array.isArray(input) ? await Promise.all(input.map(orUnusable)) : await orUnusable(input);
  process.stdout.write(`${JSON.stringify(output)}\n`);
}
