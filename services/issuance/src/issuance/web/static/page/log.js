/**
 * The log of what was shown: verdict, minute, and a mark by which the same ticket is known again on the same day and
 * on no other. No name, no number, no place. Kept on the device, sent when there is a network and an access key.
 */

import { hex } from "../verify/bytes.js";
import { dayInBerlin } from "../verify/calendar.js";
import { cell } from "./place.js";
import { token } from "./sign-in.js";
import { entries, removeEntries, saveEntries } from "./store.js";

const API = new URL("../../../v1/inspections", import.meta.url);
const MINUTE = 60_000;
const KEPT_FOR = 30 * 24 * 60 * MINUTE;
const MOST_AT_ONCE = 200;

/** What storage did not take (full, or forbidden): as long as the page is open. */
let unsaved = [];

/**
 * `finding` as the verifier gave it, `colour` as it was shown at `now`. Never throws for a full storage.
 * Returns {id, seenAt}: when this device has shown the same ticket earlier today, a minute ago or more; or null.
 */
export async function note(finding, colour, now) {
  const { ticket } = finding;
  const [minute, known] = [Math.floor(now / MINUTE) * MINUTE, await everything()];
  const entry = {
    id: crypto.randomUUID(),
    at: minute,
    order: known.filter(({ at }) => at === minute).length,
    verdict: finding.verdict,
    colour,
    format: ticket?.format ?? null,
    organisation_id: ticket?.organisation_id ?? null,
    ticket: ticket ? await mark(ticket, dayInBerlin(now)) : null,
    cell: ticket ? await cell(now) : null,
    isSent: false,
  };
  const before = entry.ticket ? known.filter(({ ticket: one, at }) => one === entry.ticket && at < entry.at) : [];
  await saveEntries([entry]).catch(() => unsaved.push(entry));
  return { id: entry.id, seenAt: before.length ? Math.max(...before.map(({ at }) => at)) : null };
}

const everything = async () => [...(await entries().catch(() => [])), ...unsaved];

async function mark(ticket, day) {
  const text = new TextEncoder().encode(`${day}|${ticket.organisation_id}|${ticket.number}`);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", text))).slice(0, 32);
}

/** Newest first; within a minute by the order in which they were shown. */
export async function all() {
  return (await everything()).sort((one, other) => other.at - one.at || (other.order ?? 0) - (one.order ?? 0));
}

/** Drops what was sent or has waited for 30 days. */
export async function tidy(now) {
  const old = (await entries()).filter((entry) => now - entry.at > (entry.isSent ? 24 * 60 * MINUTE : KEPT_FOR));
  await removeEntries(old.map(({ id }) => id));
}

/**
 * Send what was not sent. Returns {state, attention}: "sent", or a key of the words (log_no_key, log_signed_out,
 * log_refused, log_failed); and the ids of entries whose ticket was shown elsewhere too.
 */
export async function send() {
  const attention = [];
  const state = await sendWaiting(attention);
  return { state, attention };
}

async function sendWaiting(attention) {
  const waiting = (await everything()).filter(({ isSent }) => !isSent).slice(0, MOST_AT_ONCE);
  if (!waiting.length) return "sent";
  const key = token();
  if (!key) return "log_no_key";
  const inspections = waiting.map(({ at, order, isSent, ...entry }) => ({ ...entry, shown_at: new Date(at).toISOString() }));
  try {
    const answer = await fetch(API, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ inspections }),
      credentials: "omit",
    });
    if (answer.status === 401) return "log_signed_out";
    if (answer.status === 403) return "log_refused";
    if (!answer.ok) return "log_failed";
    attention.push(...((await answer.json()).attention ?? []));
  } catch {
    return "log_failed";
  }
  const gone = new Set(waiting.map(({ id }) => id));
  unsaved = unsaved.filter(({ id }) => !gone.has(id));
  // not saved as sent: sent once more some day, and counted once by its id
  await saveEntries(waiting.map((entry) => ({ ...entry, isSent: true }))).catch(() => {});
  return "sent";
}
