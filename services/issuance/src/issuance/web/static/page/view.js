/** Puts words and verdicts on the page. Text only, never markup: whatever a code says, it stays text. */

import { dayInBerlin } from "../verify/calendar.js";
import { isStale } from "../verify/trust.js";
import { shardOf } from "../verify/status-list.js";
import { STALE_AFTER } from "./verdict.js";
import { advice, inWords } from "./reasons.js";
import { areaName, LANGUAGES, productName } from "./words.js";

const HOUR = 3_600_000;
const TEST_RANGE = 0x8000;
const at = (id) => document.getElementById(id);
const say = (id, text) => { at(id).textContent = text; };

export class View {
  constructor(language) {
    this.setLanguage(language);
  }

  setLanguage(language) {
    this.language = language;
    this.words = LANGUAGES[language];
    const locale = language === "de" ? "de-DE" : "en-GB";
    // in English the month is a word, as on every page: 08/01 is read in two ways
    const day = { day: "2-digit", month: language === "de" ? "2-digit" : "short", year: "numeric" };
    this.day = new Intl.DateTimeFormat(locale, { ...day, timeZone: "Europe/Berlin" });
    this.moment = new Intl.DateTimeFormat(locale, { ...day, hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" });
    this.plainDay = new Intl.DateTimeFormat(locale, { ...day, timeZone: "UTC" });
    document.documentElement.lang = language;
    document.title = this.words.title;
    for (const one of document.querySelectorAll("[data-word]")) one.textContent = this.words[one.dataset.word];
    for (const one of document.querySelectorAll("[data-label]")) one.ariaLabel = this.words[one.dataset.label];
    say("language", this.words.other);
    at("language").ariaLabel = this.words.other_label;
  }

  /** "start", "scanning" or "verdict". */
  setState(state, hasCamera) {
    document.body.dataset.state = state;
    document.body.toggleAttribute("data-camera", hasCamera);
    at("verdict").hidden = state !== "verdict";
  }

  hint(word) {
    say("hint", word ? this.words[word] : "");
  }

  /** `shown`: as show() gives it; `finding` may lack a ticket. Everything of the ticket before is replaced. */
  verdict(shown, finding, lists, now, hasCamera) {
    const { words } = this;
    at("verdict").dataset.colour = shown.shade ?? shown.colour;
    say("verdict-word", words[shown.shade ?? shown.colour]);
    say("verdict-why", words.why[shown.why]);
    const { say: toChild, foreign } = shown;
    say("verdict-say", [foreign ? words.foreign(foreign) : "", advice(shown.why, this.language), toChild ? words.why[toChild] : ""].filter(Boolean).join(" "));
    say("verdict-reasons", inWords(finding.reasons, this.language));
    say("verdict-codes", finding.reasons.join(" · "));
    say("verdict-note", "");
    at("facts").hidden = !finding.ticket;
    if (finding.ticket) this.facts(finding.ticket, lists, now);
    this.setState("verdict", hasCamera);
    at("verdict").scrollTop = 0;
    at("verdict").focus({ preventScroll: true });
  }

  /** A word beside the verdict, with a time where there is one. */
  note(word, time = null) {
    say("verdict-note", [this.words.why[word], time === null ? "" : this.moment.format(time)].join(" ").trim());
  }

  facts(ticket, lists, now) {
    const { words } = this;
    const name = [ticket.first_name, ticket.last_name].filter(Boolean).join(" ");
    say("fact-name", name ? name + (ticket.name_cut ? "…" : "") : words.no_name);
    say("fact-birth", ticket.birth_date ? `${this.plain(ticket.birth_date)} (${age(ticket.birth_date, now)} ${words.years})` : "–");
    say("fact-from", ticket.valid_from ? this.day.format(new Date(ticket.valid_from)) : "–");
    say("fact-until", ticket.valid_until ? this.end(ticket.valid_until) : "–");
    say("fact-area", areaName(words, ticket.area));
    say("fact-product", productName(words, ticket.product));
    say("fact-number", String(ticket.number));
    at("fact-test").hidden = ticket.organisation_id < TEST_RANGE;
    const list = lists.trust.status.get(shardOf(ticket.organisation_id, ticket.number));
    say("fact-lists", list ? `${this.moment.format(list.publishedAt)} (${words.age((now - list.publishedAt) / HOUR)})` : words.lists_none);
  }

  /** The day; the hour too where it does not end then: a ticket may run until 03:00. What is written is Berlin time. */
  end(written) {
    const [day, hour] = [this.day.format(new Date(written)), written.slice(11, 16)];
    return hour === "23:59" ? day : `${day}, ${hour}`;
  }

  /** Of a birth date that is known in part what is known: 2015, 06.2015. */
  plain(date) {
    const [year, month, day] = date.split("-");
    if (day === "00") return month === "00" ? year : `${month}.${year}`;
    return this.plainDay.format(Date.parse(`${date}T00:00:00Z`));
  }

  lists(lists, now) {
    const { words } = this;
    const { publishedAt, refreshedAt, problem } = lists;
    const ahead = lists.clockAhead(now);
    const isFresh = publishedAt !== null && [...lists.trust.status.values()].every((list) => !isStale(list, now)) && !ahead;
    at("lists").dataset.fresh = isFresh && now - publishedAt <= STALE_AFTER ? "yes" : "no";
    say("lists", ahead ? words.clock_short : publishedAt === null ? words.lists_none : `${words.lists_short} ${words.age((now - publishedAt) / HOUR)}`);
    say("lists-published", publishedAt === null ? words.lists_none : this.moment.format(publishedAt));
    say("lists-refreshed", refreshedAt === null ? words.never : this.moment.format(refreshedAt));
    say("lists-trust", lists.trust.trustList ? this.day.format(lists.trust.trustList.expiresAt) : "–");
    const told = problem ? words.problems[problem.split(":")[0]] ?? problem : "";
    say("lists-problem", [ahead ? words.clock(ahead) : "", told].filter(Boolean).join(" ") || words.no_problem);
    say("lists-code", problem.includes(":") || !(problem in words.problems) ? problem : "");
  }

  /** `until`: how long the inspector is signed in, or null. */
  log(entries, stateWord, until) {
    const { words } = this;
    say("sign-in-state", until === null ? words.signed_out : `${words.signed_in} ${this.moment.format(until)}`);
    say("sign-in-word", until === null ? words.sign_in : words.sign_out);
    at("send-log").disabled = until === null;
    at("report").hidden = until === null;
    say("log-state", stateWord ? words[stateWord] : entries.length ? "" : words.log_empty);
    at("log").replaceChildren(...entries.slice(0, 50).map((entry) => {
      const line = document.createElement("li");
      const shown = entry.verdict === "suspended" ? entry.verdict : entry.colour; // as it stood above the ticket
      line.dataset.colour = shown;
      for (const text of [this.moment.format(entry.at), words[shown], entry.isSent ? words.log_sent : words.log_open]) {
        const part = document.createElement("span");
        part.textContent = text;
        line.append(part);
      }
      return line;
    }));
  }
}

/** Full years at `now`; 10–11 where the day of birth is not known and decides. */
function age(birthDate, now) {
  const today = dayInBerlin(now);
  const years = (born) => today.slice(0, 4) - born.slice(0, 4) - (today.slice(5) < born.slice(5) ? 1 : 0);
  const [youngest, oldest] = [years(birthDate.replace("-00-00", "-12-31").replace(/-00$/, "-31")), years(birthDate)];
  return youngest === oldest ? `${oldest}` : `${youngest}–${oldest}`;
}
