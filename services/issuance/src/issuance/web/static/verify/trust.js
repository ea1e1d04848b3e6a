/**
 * What a scanner trusts, assembled and checked: sub-CAs under a root, ticket keys of the trust list, status lists.
 *
 * A certificate that does not check out is left out; a list that does not makes the whole set unusable, because a
 * scanner with half its lists must not look healthy. The same rules as issuance/verification/trust.py.
 */

import { hex } from "./bytes.js";
import { CHA_CA, PROFILE_ROOT, PROFILE_SUB_CA, open, parse as parseCertificate, parseContent } from "./certificate.js";
import { hasSigned, publicKey } from "./cose.js";
import * as delta from "./delta.js";
import { follow } from "./follow.js";
import * as issuedList from "./issued-list.js";
import { NotGenuine, Refusal, Unusable } from "./refusal.js";
import * as statusList from "./status-list.js";
import * as trustList from "./trust-list.js";

const STALE_AFTER = 24 * 3_600_000;

/**
 * `certificates`, `issuedParts`: byte strings; `trusted`: the trust list, or null; `statuses`: status lists as byte
 * strings, or {snapshot, deltas} as they were followed. Throws Unusable.
 */
export async function assemble(certificates, trusted, statuses, issuedParts = []) {
  const leftOut = [];
  const authorities = await findAuthorities(certificates, leftOut);
  const listed = trusted === null ? null : await openTrustList(trusted);
  const keys = { ticket: new Map(), status: new Map() };
  for (const entry of listed?.keys ?? []) keys[entry.use].set(entry.keyId, { entry, key: await importKey(entry.point) });
  const status = new Map();
  for (const data of statuses) {
    const one = await openStatus(data, keys.status);
    if (!status.has(one.shard) || saysMore(one, status.get(one.shard))) status.set(one.shard, one);
  }
  const issued = await findIssued(issuedParts, keys.status);
  return { authorities, keys: keys.ticket, statusKeys: keys.status, trustList: listed, status, leftOut, issued, modules: listed?.modules ?? new Map() };
}

/** The higher version; of one version the list of two bits, which tells suspended from revoked. */
const saysMore = (one, other) => one.version > other.version
  || (one.version === other.version && one.hasTwoBits && !other.hasTwoBits);

async function importKey(point) {
  try {
    return await publicKey(point);
  } catch (error) {
    throw new Unusable("trust_list", error.message);
  }
}

async function findAuthorities(certificates, leftOut) {
  const [roots, others, authorities] = [new Map(), [], new Map()];
  for (const data of certificates) {
    await orLeftOut(leftOut, async () => {
      const one = parseCertificate(data);
      const content = one.form === "appended" ? parseContent(one.content) : null;
      if (content && content.issuer === content.name) await addRoot(roots, content, one);
      else others.push(one);
    });
  }
  for (const one of others) {
    await orLeftOut(leftOut, async () => addAuthority(authorities, await openAuthority(one, roots)));
  }
  // Discretionary data: 0 and 1 are production, the others tests. A test key must never open a real gate.
  if (new Set([...authorities.keys()].map(isTest)).size > 1) throw new Unusable("test_and_real_mixed");
  return authorities;
}

/** Where a name (CAR in hex) belongs: its sixth byte's low half. */
const discretionary = (name) => parseInt(name[11], 16);
const isTest = (name) => discretionary(name) > 1;

async function orLeftOut(leftOut, step) {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof Refusal) || error instanceof Unusable) throw error;
    leftOut.push(error.reason);
  }
}

/** A root is an anchor by name and key. Its end of validity is not checked: the real one's has passed. */
async function addRoot(roots, content, one) {
  const isRoot = content.profile === PROFILE_ROOT && content.isAuthority && discretionary(content.name) % 2 === 0;
  if (!isRoot) throw new Unusable("root_role", content.name);
  if (one.signature !== null) {
    await open(one, content.key).catch(() => { throw new Unusable("root_signature", content.name); });
  }
  addOnce(roots, content.name, content, (known) => known.key);
}

function addAuthority(authorities, authority) {
  const { name } = authority.content;
  addOnce(authorities, name, authority, (known) => known.content.key);
  // a signed certificate says more than the stripped one
  if (authorities.get(name).isAnchor) authorities.set(name, authority);
}

function addOnce(known, name, one, keyOf) {
  if (!known.has(name)) known.set(name, one);
  const [before, now] = [keyOf(known.get(name)), keyOf(one)];
  if (before.modulus !== now.modulus || before.exponent !== now.exponent) throw new Unusable("two_keys_of_one_name", name);
}

async function openAuthority(one, roots) {
  const isAnchor = one.form === "appended" && one.signature === null;
  const content = isAnchor ? parseContent(one.content) : await openUnder(one, roots);
  const isSubCa = content.isAuthority && content.authorisation === CHA_CA && discretionary(content.name) % 2 === 1;
  if (!isSubCa || content.profile !== PROFILE_SUB_CA) throw new NotGenuine("authority_role");
  return { content, isAnchor };
}

async function openUnder(one, roots) {
  for (const [name, root] of roots) {
    const content = await open(one, root.key).catch(() => null);
    if (content && content.issuer !== name) throw new NotGenuine("authority_linkage");
    if (content) return content;
  }
  throw new NotGenuine("authority_without_root");
}

/** The trust list, under its own root. Throws Unusable. */
export async function openTrustList(data) {
  try {
    const signed = trustList.unwrap(data);
    const listed = trustList.parse(signed.payload);
    if (!(await hasSigned(await publicKey(listed.root), signed))) throw new NotGenuine("signature_wrong");
    return listed;
  } catch (error) {
    throw asUnusable("trust_list", error);
  }
}

/** A status list, or {snapshot, deltas}: the state of a shard, every signature checked. Throws Unusable. */
export const openStatus = (one, keys) => (one instanceof Uint8Array ? openStatusList(one, keys) : openChain(one, keys));

async function openStatusList(data, keys) {
  try {
    const [signed, parse] = ofEither(data, [statusList.unwrapV2, statusList.parseV2], [statusList.unwrap, statusList.parse]);
    const one = await parse(signed.payload);
    await checkStatusKey(signed, one.organisationId, keys);
    return one;
  } catch (error) {
    throw asUnusable("status_list", error);
  }
}

/** [signed, parse] of a list of two bits or of one, as its kind says; unchecked. Throws Refusal. */
function ofEither(data, [unwrapV2, parseV2], [unwrap, parse]) {
  try {
    return [unwrapV2(data), parseV2];
  } catch (error) {
    if (error.reason !== "list_kind") throw error;
    return [unwrap(data), parse];
  }
}

/** A snapshot's state, its signature checked; of one bit or of two. Throws Refusal. */
export async function openSnapshot(data, keys) {
  const [signed, parse] = ofEither(data, [delta.unwrapSnapshotV2, delta.parseSnapshotV2], [delta.unwrapSnapshot, delta.parseSnapshot]);
  const one = await parse(signed.payload);
  await checkStatusKey(signed, one.organisationId, keys);
  return one;
}

/** A delta, its signature checked; of one bit or of two. Throws Refusal. */
export async function openDelta(data, keys) {
  const [signed, parse] = ofEither(data, [delta.unwrapDeltaV2, delta.parseDeltaV2], [delta.unwrapDelta, delta.parseDelta]);
  const one = await parse(signed.payload);
  await checkStatusKey(signed, one.head.organisationId, keys);
  return one;
}

/** What was followed earlier and kept: old or not, it must hold together. */
async function openChain({ snapshot, deltas }, keys) {
  try {
    const links = await Promise.all(deltas.map((one) => openDelta(one, keys)));
    return await follow(await openSnapshot(snapshot, keys), links, -Infinity);
  } catch (error) {
    throw asUnusable("status_list", error);
  }
}

/** The lists of issued tickets of which all parts are there, by `shard.form`. */
async function findIssued(parts, keys) {
  const found = new Map();
  try {
    for (const data of parts) {
      const signed = issuedList.unwrap(data);
      const one = issuedList.parse(signed.payload);
      await checkStatusKey(signed, one.organisationId, keys);
      const name = `${one.shard}.${one.form}`;
      found.set(name, [...(found.get(name) ?? []), one]);
    }
  } catch (error) {
    throw asUnusable("issued_list", error);
  }
  const whole = [...found].map(([name, some]) => [name, issuedList.complete(some)]);
  return new Map(whole.filter(([, list]) => list !== null));
}

/** A key of use `status` has signed, is in nobody else's hands, and may speak for the organisation. */
async function checkStatusKey(signed, organisationId, keys) {
  const known = keys.get(hex(signed.keyId));
  if (!known || !(await hasSigned(known.key, signed))) throw new NotGenuine("signature_wrong");
  if (known.entry.state === "compromised") throw new NotGenuine("key_compromised");
  if (!speaksFor(known.entry, organisationId)) throw new NotGenuine("key is not for this organisation");
}

const asUnusable = (what, error) => (error instanceof Refusal ? new Unusable(what, error.message) : error);

/** A key without organisations is for all of its trust list. */
export const speaksFor = (entry, organisationId) =>
  entry.organisationIds.length === 0 || entry.organisationIds.includes(organisationId);

/** Older than a day, or past its own end. */
export const isStale = (list, at) => at - list.publishedAt > STALE_AFTER || at > list.expiresAt;
