/** The operator's report of inspections as a table for a spreadsheet: the API wants a token, which no link bears. */

import { token } from "./sign-in.js";

const API = new URL("../../../v1/inspections/report.csv", import.meta.url);
const NAMES = { de: "kontrollen.csv", en: "inspections.csv" };

/** Saves it as a file. Returns a key of the words: report_saved, log_no_key, log_signed_out,
 * report_refused or report_failed. */
export async function saveReport(language) {
  const key = token();
  if (!key) return "log_no_key";
  API.searchParams.set("language", language);
  try {
    const answer = await fetch(API, { headers: { Authorization: `Bearer ${key}` }, credentials: "omit" });
    if (answer.status === 401) return "log_signed_out";
    if (answer.status === 403) return "report_refused";
    if (!answer.ok) return "report_failed";
    offer(await answer.blob(), NAMES[language]);
  } catch {
    return "report_failed";
  }
  return "report_saved";
}

function offer(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
