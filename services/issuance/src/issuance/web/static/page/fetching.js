/** Lists from the service. Nothing here is checked; whoever takes a list checks its signature and that it continues. */

import { fromBase64 } from "../verify/bytes.js";
import { Clock } from "./clock.js";

const MOST_BYTES = 8_000_000;
const PATIENCE = 15_000;
const API = new URL("../../../", import.meta.url);

/** Hears what time the answers tell. */
export const clock = new Clock();

/** Null where the service has none (yet). The browser asks with the ETag it has: mostly nothing is sent. */
export async function fetchBytes(path, version = "v1") {
  const asked = Date.now();
  const answer = await fetch(new URL(`${version}/${path}`, API), {
    cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(PATIENCE),
  });
  clock.hear(answer.headers, asked, Date.now());
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const data = new Uint8Array(await answer.arrayBuffer());
  if (data.length > MOST_BYTES) throw new Error(`${path}: ${data.length} bytes`);
  return data;
}

export async function fetchJson(path) {
  const data = await fetchBytes(path);
  if (data === null) throw new Error(`${path}: 404`);
  return JSON.parse(new TextDecoder().decode(data));
}

/**
 * Which status lists there are: {shard: {version, at}}, `at` being where it is fetched: v2 is of two bits. A service from
 * before has only those of one bit; so may a shard whose list of two bits is behind.
 */
export async function fetchShards() {
  const [first, second] = await Promise.all([fetchJson("status-lists"), fetchBytes("status-lists", "v2")]);
  const found = new Map(first.shards.map((shard) => [shard, { version: first.versions?.[shard], at: "v1" }]));
  const versions = second === null ? {} : JSON.parse(new TextDecoder().decode(second)).versions;
  for (const [shard, version] of Object.entries(versions)) {
    if (!(found.get(shard)?.version > version)) found.set(shard, { version, at: "v2" });
  }
  return found;
}

export async function fetchMany(folder, names) {
  const found = await Promise.all(names.map(async (name) => [name, await fetchBytes(`${folder}/${encodeURIComponent(name)}`)]));
  return new Map(found.filter(([, data]) => data !== null));
}

/** By name (CAR in hex). */
export async function fetchCertificates() {
  const { certificates } = await fetchJson("certificates");
  return new Map(Object.entries(certificates).map(([name, text]) => [name, fromBase64(text)]));
}

/** No network, or no answer in time: not a word about the lists themselves. */
export const isOffline = (error) => error.name === "TypeError" || error.name === "TimeoutError" || error.name === "AbortError";
