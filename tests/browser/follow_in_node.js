/**
 * Runs the scanner page's way of following lists in Node. Reads one JSON object from standard input:
 *   {"trust_list": base64, "histories": [{"at": milliseconds, "steps": [{"snapshot": base64} or {"deltas": base64}]}],
 *    "compact": [base64]}
 * and writes {"histories": [[{version, sha256} or {refused: code}, …]], "compact": [[places] or null]}. A step that is
 * refused leaves the state as it was.
 */

import { readFileSync } from "node:fs";

const folder = new URL("../../services/issuance/src/issuance/web/static/verify/", import.meta.url);
const load = (name) => import(new URL(name, folder));
const [{ fromBase64 }, { sequence }, compact, { hashOf }, { follow, start }, { Refusal }, trust] = await Promise.all(
  ["bytes.js", "cbor.js", "compact.js", "delta.js", "follow.js", "refusal.js", "trust.js"].map(load),
);

async function refusing(step) {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.reason };
  }
}

async function run({ at, steps }, keys) {
  const told = [];
  let state = null;
  for (const step of steps) {
    const found = await refusing(async () => {
      if (step.snapshot) return start(state, await trust.openSnapshot(fromBase64(step.snapshot), keys), at);
      const links = await Promise.all(sequence(fromBase64(step.deltas)).map((one) => trust.openDelta(one, keys)));
      return follow(state, links, at);
    });
    if (!found.refused) state = found;
    told.push(found.refused ? found : { version: found.version, sha256: await hashOf(found.bits) });
    if (!state) break; // nothing to begin with
  }
  return told;
}

const input = JSON.parse(readFileSync(0, "utf-8"));
const { statusKeys } = await trust.assemble([], fromBase64(input.trust_list), []);
const histories = [];
for (const one of input.histories) histories.push(await run(one, statusKeys));
const places = [];
for (const one of input.compact) {
  const found = await refusing(() => compact.decode(fromBase64(one)));
  places.push(found.refused ? null : found);
}
process.stdout.write(JSON.stringify({ histories, compact: places }));
