/** CV certificates: who may open what, in 171 (module), 235 (sub-CA) or 293 (root) bytes without tags. */

import { ascii, bigNumber, hex, isZero, number } from "./bytes.js";
import { date, decodeBcd } from "./calendar.js";
import { NotGenuine, Unreadable } from "./refusal.js";
import { checkAppended, recover } from "./rsa.js";
import { read, readAll } from "./tlv.js";

export const PROFILE_SUB_CA = 3;
export const PROFILE_ROOT = 7;
const MODULUS_BYTES = new Map([[3, 192], [4, 128], [5, 128], [6, 128], [7, 248]]);
/** 1.3.36.3.4.2.2.1, ISO 9796-2 with SHA-1. */
export const OID_ISO9796 = "2b240304020201";
/** May verify certificates (3), is a certification authority (0). */
export const CHA_CA = hex(ascii("VDV_KA\x30"));
/** May verify signatures (2), is a security module that sells (2). */
export const CHA_SELLING_SAM = hex(ascii("VDV_KA\x22"));
export const CERTIFICATE = 0x7f21;
const SIGNATURE = 0x5f37;
const REST = 0x5f38;
const CONTENT = 0x5f4e;

/**
 * What a certificate says. `issuer`, `name` (of an authority), `authorisation` and `oid` are texts in hex;
 * `holder` is bytes; `endOfValidity` a date. Strict: the length is exactly what the profile says.
 */
export function parseContent(data) {
  const size = MODULUS_BYTES.get(data[0]);
  if (data.length < 34 || size === undefined) throw new Unreadable("certificate_profile");
  const oidEnd = 32 + (data[32] === 0x2a ? 9 : 7);
  const modulusEnd = oidEnd + size;
  if (data.length !== modulusEnd + 4) throw new Unreadable("certificate_length");
  const endOfValidity = decodeBcd(data.subarray(28, 32));
  if (endOfValidity === null) throw new Unreadable("certificate_without_end");
  if (data[oidEnd] < 0x80) throw new Unreadable("certificate_modulus");
  const exponent = number(data, modulusEnd, modulusEnd + 4);
  // with exponent 1 everything would be signed
  if (exponent < 3 || exponent % 2 === 0) throw new Unreadable("certificate_exponent");
  const holder = data.slice(9, 21);
  return {
    profile: data[0],
    issuer: hex(data.subarray(1, 9)),
    holder,
    isAuthority: isZero(holder.subarray(0, 4)),
    name: hex(holder.subarray(4)),
    authorisation: hex(data.subarray(21, 28)),
    endOfValidity,
    oid: hex(data.subarray(32, oidEnd)),
    key: { modulus: bigNumber(data.subarray(oidEnd, modulusEnd)), exponent, size },
  };
}

/** The holder's name of a security module (SAM), taken apart: dates, and its number. */
export function parseSamHolder(holder) {
  const digits = hex(holder.subarray(2, 7));
  const [year, month] = [2000 + Number(digits.slice(0, 2)), Number(digits.slice(2, 4))];
  const isNumeric = /^\d{10}$/.test(digits);
  const firstOfMonth = isNumeric && date(year, month, 1);
  const validFrom = isNumeric && date(2000 + +digits.slice(4, 6), +digits.slice(6, 8), +digits.slice(8));
  if (!firstOfMonth || !validFrom) throw new Unreadable("certificate_holder");
  const validTo = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return { validTo, validFrom, number: number(holder, 9, 12) };
}

/** One certificate `7F21`, nothing after it. */
export function parse(data) {
  const outer = read(data);
  if (outer.tag !== CERTIFICATE) throw new Unreadable("certificate_tag");
  if (outer.end !== data.length) throw new Unreadable("certificate_trailing_bytes");
  return parseInner(outer.value);
}

/** {form, …}: recoverable (content inside the signature) or appended (content in the open, `signature` may lack). */
export function parseInner(value) {
  const elements = readAll(value);
  const order = elements.map(({ tag }) => tag).join();
  const values = elements.map((element) => element.value);
  if (order === `${SIGNATURE},${REST}`) return { form: "recoverable", signature: values[0], rest: values[1] };
  if (order === `${CONTENT},${SIGNATURE}`) return { form: "appended", content: values[0], signature: values[1] };
  if (order === `${CONTENT}`) return { form: "appended", content: values[0], signature: null };
  throw new Unreadable("certificate_form");
}

/** The content of a certificate, once its signature is checked under the issuer's key. */
export async function open(one, key) {
  if (one.form === "recoverable") return parseContent(await recover(one.signature, one.rest, key));
  if (one.signature === null) throw new NotGenuine("certificate_unsigned");
  await checkAppended(one.content, one.signature, key);
  return parseContent(one.content);
}
