/** What can be read of another issuer's ticket that cannot be checked here: whose it says to be. Nothing of it is proved. */

import { Refusal } from "../verify/refusal.js";
import { isVdv, parseAll } from "../verify/vdv-envelope.js";

/** {kind: "vdv" or "uic", issuer}: the sub-CA's name in hex, the company's number (RICS) where it stands openly, or "". */
export function foreign(content) {
  if (!isVdv(content)) {
    const begin = String.fromCharCode(...content.subarray(0, 9));
    return { kind: "uic", issuer: begin.startsWith("#UT") ? begin.slice(5) : "" };
  }
  try {
    return { kind: "vdv", issuer: parseAll(content).map(({ issuer }) => issuer).find(Boolean) ?? "" };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "vdv", issuer: "" };
    throw error;
  }
}
