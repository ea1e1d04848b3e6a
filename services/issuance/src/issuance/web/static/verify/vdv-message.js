/** The ticket message of VDV-KA: what the module's signature covers. */

import { ascii, equal, isZero, latin15, number } from "./bytes.js";
import { decodeBirthDate, decodeCompact } from "./calendar.js";
import { Unreadable } from "./refusal.js";
import { expect, readAll } from "./tlv.js";

const PRODUCT = 0x85;
const PRODUCT_TRANSACTION = 0x8a;
const PADDED_BYTES = 106;
const TRAILER_BYTES = 5;
const BASIC = 0xda;
const TRAVELLER = 0xdb;
const AREA = 0xdc;
const MEDIUM = 0xd7;
/** Area lists whose numbers are big-endian, by their kind: bytes a number. */
const AREA_WIDTH = new Map([[0x0d, 3], [0x0f, 2]]);
/** `K3e@D4n`: first letter, count of omitted letters, last letter. */
const LETTER = "[\\p{L}\\p{No}\\p{Nl}]";
const CODES = `\\*?(?:${LETTER}\\p{Nd}+${LETTER})*\\*?`;
const INITIALS = new RegExp(`^${CODES}@${CODES}$`, "u");

/** Times are the wall clock in Berlin (see calendar.js) or null. Strict: zeros alone before the trailer. */
export function parse(data) {
  if (data.length < PADDED_BYTES + TRAILER_BYTES) throw new Unreadable("message_length");
  if (!equal(data.slice(-5, -2), ascii("VDV"))) throw new Unreadable("message_trailer");
  const body = data.subarray(0, -TRAILER_BYTES);
  const product = expect(body, 18, PRODUCT, "message_product_tag");
  const transactionEnd = product.end + 17;
  if (transactionEnd > body.length) throw new Unreadable("transaction_length");
  const extra = expect(body, transactionEnd, PRODUCT_TRANSACTION, "message_transaction_tag");
  const issueEnd = extra.end + 12;
  if (issueEnd > body.length) throw new Unreadable("issue_data_length");
  if (!isZero(body.subarray(issueEnd))) throw new Unreadable("message_padding");
  return {
    validFrom: decodeCompact(number(body, 10, 14)),
    validUntil: decodeCompact(number(body, 14, 18)),
    ...parseProduct(product.value),
    number: number(body, 0, 4),
    organisationId: number(body, 4, 6),
    productNumber: number(body, 6, 8),
    productOwnerId: number(body, 8, 10),
    moduleNumber: number(body, issueEnd - 3, issueEnd),
  };
}

/** By tag, in any order; the same element twice is refused, because readers would show different ones. */
function parseProduct(value) {
  const product = { passengerType: null, traveller: null, area: null, medium: null };
  let elements;
  try {
    elements = readAll(value);
  } catch {
    return product; // free text, or RMV's 68 bytes: not made of elements
  }
  if (new Set(elements.map(({ tag }) => tag)).size !== elements.length) throw new Unreadable("product_element_twice");
  for (const element of elements) {
    if (element.tag === BASIC) product.passengerType = parseBasic(element.value);
    if (element.tag === TRAVELLER) product.traveller = parseTraveller(element.value);
    if (element.tag === AREA) product.area = parseArea(element.value);
    if (element.tag === MEDIUM) product.medium = latin15(element.value) || null;
  }
  return product;
}

function parseBasic(value) {
  if (value.length !== 17) throw new Unreadable("basic_data_length");
  return value[1];
}

function parseTraveller(value) {
  if (value.length < 5) throw new Unreadable("traveller_length");
  return { birthDate: decodeBirthDate(value.subarray(1, 5)), ...parseName(value.subarray(5)) };
}

/** Any bytes are some name. NULs at the end are padding. */
export function parseName(value) {
  const text = latin15(value).replace(/\0+$/, "");
  const mark = text.indexOf("#");
  if (mark >= 0) return { form: "plain", first: text.slice(0, mark), last: text.slice(mark + 1) };
  if (INITIALS.test(text)) {
    const [first, last] = text.split("@").map((part) => part.replace(/^\*+|\*+$/g, ""));
    return { form: "initials", first, last };
  }
  return { form: "single", first: "", last: text };
}

/** The two plain lists are taken apart; of the other kinds only the organisation is told. */
function parseArea(value) {
  if (value.length < 3) throw new Unreadable("area_length");
  const area = { organisation_id: number(value, 1, 3), numbers: [] };
  const width = AREA_WIDTH.get(value[0]);
  if (width === undefined) return area;
  if ((value.length - 3) % width) throw new Unreadable("area_length");
  for (let at = 3; at < value.length; at += width) area.numbers.push(number(value, at, at + width));
  return area;
}
