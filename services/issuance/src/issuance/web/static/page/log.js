/**
 * The log of what was shown: verdict, minute, and a mark by which the same ticket is known again on the same day and
 * on no other. No name, no number, no place. Kept on the device, sent when there is a network and an access key.
 */

import { hex } from "../verify/bytes.js";
import { dayInBerlin } from "../verify/calendar.js";
import { entries, get, put, removeEntries, saveEntries } from "./store.js";

const API = new URL("../../../v1/inspections", import.meta.url);
const MINUTE = 60_000;
const KEPT_FOR = 30 * 24 * 60 * MINUTE;
const MOST_AT_ONCE = 200;

/** What storage did not take (full, or forbidden): as long as the page is open. */
let unsaved = [];

/** `finding` as the verifier gave it, `colour` as it was shown at `now`. Never throws for a full storage. */
export async function note(finding, colour, now) {
  const { ticket } = finding;
  const entry = {
    id: crypto.randomUUID(),
    at: Math.floor(now / MINUTE) * MINUTE,
    verdict: finding.verdict,
    colour,
    format: ticket?.format ?? null,
    organisation_id: ticket?.organisation_id ?? null,
    ticket: ticket ? await mark(ticket, dayInBerlin(now)) : null,
    isSent: false,
  };
  await saveEntries([entry]).catch(() => unsaved.push(entry));
}

const everything = async () => [...(await entries().catch(() => [])), ...unsaved];

async function mark(ticket, day) {
  const text = new TextEncoder().encode(`${day}|${ticket.organisation_id}|${ticket.number}`);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", text))).slice(0, 32);
}

/** Newest first. */
export async function all() {
  return (await everything()).sort((one, other) => other.at - one.at);
}

/** Drops what was sent or has waited for 30 days. */
export async function tidy(now) {
  const old = (await entries()).filter((entry) => now - entry.at > (entry.isSent ? 24 * 60 * MINUTE : KEPT_FOR));
  await removeEntries(old.map(({ id }) => id));
}

export const accessKey = async () => (await get("access-key")) ?? "";
export const keepAccessKey = (key) => put("access-key", key.trim());

/** Send what was not sent. Returns "sent", or a key of the words: log_no_key, log_refused, log_failed. */
export async function send() {
  const waiting = (await everything()).filter(({ isSent }) => !isSent).slice(0, MOST_AT_ONCE);
  if (!waiting.length) return "sent";
  const key = await accessKey();
  if (!key) return "log_no_key";
  const inspections = waiting.map(({ at, isSent, ...entry }) => ({ ...entry, shown_at: new Date(at).toISOString() }));
  try {
    const answer = await fetch(API, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ inspections }),
      credentials: "omit",
    });
    if (answer.status === 401 || answer.status === 403) return "log_refused";
    if (!answer.ok) return "log_failed";
  } catch {
    return "log_failed";
  }
  const gone = new Set(waiting.map(({ id }) => id));
  unsaved = unsaved.filter(({ id }) => !gone.has(id));
  // not saved as sent: sent once more some day, and counted once by its id
  await saveEntries(waiting.map((entry) => ({ ...entry, isSent: true }))).catch(() => {});
  return "sent";
}
