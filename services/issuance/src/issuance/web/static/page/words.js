/** What the page says, in German and English. The language is the browser's, or the one that was chosen here. */

const GERMAN = {
  title: "Schulticket-Prüfung", other: "EN", other_label: "English", camera: "Kamera", tools: "Werkzeuge",
  start: "Kamera starten", start_note: "Codes werden auf diesem Gerät geprüft, auch ohne Netz.",
  aim: "Code in den Rahmen halten", no_camera: "Keine Kamera verfügbar. Bitte Bild oder Eingabe benutzen.",
  camera_denied: "Die Kamera ist nicht freigegeben. Bitte in den Einstellungen des Browsers erlauben.",
  foreign_code: "Das ist kein Schulticket-Code", reading: "Wird geprüft …", no_code: "Auf dem Bild ist kein Code zu erkennen",
  torch: "Licht", picture: "Bild", enter: "Eingabe", log: "Protokoll", next: "Nächstes Ticket", close: "Schließen",
  name: "Name", no_name: "steht nicht im Code", birth_date: "Geburtsdatum", years: "Jahre", valid_from: "Gültig ab",
  valid_until: "Gültig bis", area: "Gebiet", product: "Produkt", number: "Nummer", test_ticket: "Testticket",
  lists_of: "Sperrliste vom", lists_asked: "Zuletzt abgeglichen", lists_trust: "Vertrauensliste gilt bis",
  lists_problem: "Letzte Meldung", lists_title: "Listen auf diesem Gerät", lists_none: "Keine Listen",
  lists_short: "Listen", refresh: "Jetzt abgleichen", never: "noch nie", no_problem: "alles in Ordnung",
  problems: {
    offline: "Kein Netz: Es gelten die Listen auf diesem Gerät.",
    not_kept: "Der Speicher dieses Geräts ist voll: Die neuen Listen gelten nur, bis diese Seite geschlossen wird.",
    rollback: "Der Dienst hat eine ältere Liste geschickt. Sie gilt hier nicht. Bitte der Leitstelle melden.",
    fork: "Der Dienst hat zwei Listen derselben Nummer geschickt. Die zweite gilt hier nicht. Bitte der Leitstelle melden.",
    omission: "In den Listen fehlt ein Stück. Bitte der Leitstelle melden.",
    other_issuer: "Die Liste kommt von einem anderen Aussteller. Sie gilt hier nicht. Bitte der Leitstelle melden.",
    over: "Der Dienst hat eine abgelaufene Liste geschickt, oder die Uhr dieses Geräts geht vor.",
  },
  foreign: ({ kind, issuer }) => `${kind === "uic" ? "Bahnticket (UIC)" : "VDV-Ticket"}${issuer ? `, nach eigener Angabe von ${kind === "uic" ? "Unternehmen" : "Zertifikat"} ${issuer}` : ""}. Name und Gültigkeit lassen sich hier nicht lesen.`,
  clock_short: "Uhr geht falsch",
  clock: (ahead) => `Die Uhr dieses Geräts geht ${span(ahead, GERMAN)} ${ahead > 0 ? "vor" : "nach"}. Bitte stellen Sie sie und gleichen dann noch einmal ab; bis dahin wird kein Ticket als gültig angezeigt.`,
  spans: ["Minuten", "Stunden", "Tage"],
  enter_title: "Code oder Nummer eingeben",
  enter_note: "Text des QR-Codes (S1:…), Bytes des Aztec-Codes (Base64) oder die Ticketnummer.", check: "Prüfen",
  log_title: "Protokoll", log_note: "Nur Ergebnis, Minute und ein Tageskennzeichen des Tickets; keine Namen.",
  log_open: "noch nicht gesendet", log_sent: "gesendet", log_empty: "Noch nichts geprüft.", send: "Senden",
  sign_in: "Anmelden", sign_out: "Abmelden", signed_in: "Angemeldet bis", signed_out: "Nur zum Senden ist eine Anmeldung nötig.",
  sign_in_failed: "Die Anmeldung hat nicht geklappt. Bitte noch einmal versuchen.", log_no_key: "Bitte zum Senden anmelden.",
  place: "Ungefähren Ort (11 × 7 km) mitsenden, damit Kopien auffallen",
  report: "Bericht der Kontrollen (CSV)", report_saved: "Der Bericht der letzten 30 Tage ist gespeichert.",
  report_refused: "Den Bericht lädt nur die Leitstelle des Verkehrsunternehmens; Ihr Zugang ist dafür nicht freigeschaltet.", report_failed: "Kein Bericht: Der Dienst ist nicht erreichbar.",
  log_signed_out: "Die Anmeldung gilt nicht mehr. Bitte melden Sie sich neu an.",
  log_refused: "Nicht gesendet: Ihr Zugang ist nicht zum Prüfen freigeschaltet; der einer Leitstelle lädt hier nur den Bericht. Die Einträge bleiben auf diesem Gerät.", log_failed: "Nicht gesendet: Der Dienst ist nicht erreichbar.",
  green: "Gültig", amber: "Bitte prüfen", red: "Ungültig", suspended: "Ausgesetzt",
  age: (hours) => (hours < 1 ? "unter 1 Std. alt" : hours < 48 ? `${Math.floor(hours)} Std. alt` : `${Math.floor(hours / 24)} Tage alt`),
  why: {
    good: "Echt und nicht gesperrt.",
    no_list: "Echt, aber auf diesem Gerät fehlt die Sperrliste.",
    old_list: "Echt, aber die Sperrliste ist zu alt. Bitte mit dem Netz verbinden.",
    clock: "Echt, aber die Uhr dieses Geräts geht falsch: Ob das Ticket jetzt gilt, ist nicht zu sagen. Bitte die Uhr stellen.",
    clock_unproved: "Echt und nach der Uhr dieses Geräts abgelaufen. Ob sie richtig geht, hat aber seit über einem Tag nichts bestätigt. Bitte mit dem Netz verbinden.",
    early_clock_unproved: "Echt und nach der Uhr dieses Geräts noch nicht gültig. Ob sie richtig geht, hat aber seit über einem Tag nichts bestätigt. Bitte mit dem Netz verbinden.",
    suspended: "Echt, aber zurzeit ausgesetzt: Es gilt im Moment nicht.",
    say_suspended: "Zum Kind zum Beispiel: „Dein Ticket macht gerade Pause. Das ist nicht deine Schuld. Sag bitte zu Hause Bescheid, der Schulträger hilft weiter.“",
    revoked: "Dieses Ticket ist gesperrt.", expired: "Die Gültigkeit ist abgelaufen.",
    not_yet_valid: "Das Ticket gilt noch nicht.", forged: "Nicht echt: verändert oder gefälscht.",
    not_accepted: "Dieses Ticket darf so nicht gelten.", not_issued: "Gefälscht: mit einem gestohlenen Schlüssel signiert.",
    unproven: "Nicht sicher: Der Schlüssel wurde gestohlen, und hier fehlt die Liste der echten Tickets.",
    certificate_clock: "Die Uhr dieses Geräts geht falsch: Ob das Ticket gilt, ist nicht zu sagen. Bitte die Uhr stellen.",
    certificate_clock_unproved: "Nach der Uhr dieses Geräts gilt das Zertifikat des Ausstellers nicht. Ob sie richtig geht, hat aber seit über einem Tag nichts bestätigt. Bitte mit dem Netz verbinden.",
    certificate: "Das Zertifikat des Ausstellers gilt nicht.", unknown_issuer: "Unbekannter Aussteller.",
    not_enclosed: "Ältere Form ohne Zertifikat: kann hier nicht geprüft werden.",
    other_issuer: "Ticket eines anderen Ausstellers, hier nicht prüfbar.",
    unknown_without_lists: "Aussteller unbekannt. Die Listen auf diesem Gerät fehlen oder sind alt.",
    unreadable: "Das ist kein lesbares Schulticket.", no_barcode_found: "Auf dem Bild ist kein Code zu erkennen.",
    unsupported_file: "Diese Datei ist kein Bild, das sich hier lesen lässt. Bitte ein Bildschirmfoto oder Foto des Codes wählen (PNG, JPEG, WEBP, GIF).",
    picture_too_large: "Dieses Bild ist zu groß. Bitte ein kleineres wählen, zum Beispiel ein Bildschirmfoto.",
    seen_elsewhere: "Zweimal gezeigt: Dieses Ticket wurde heute auch woanders geprüft. Bitte Ausweis ansehen.",
    seen_before: "Auf diesem Gerät heute schon gezeigt:",
    number_unknown: "Nicht auf der Sperrliste. Eine Nummer allein beweist nichts: Bitte den Code prüfen.",
    number_without_list: "Für diese Nummer gibt es hier keine Sperrliste.",
    number_revoked: "Ein Ticket mit dieser Nummer ist gesperrt.",
    number_suspended: "Ein Ticket mit dieser Nummer ist zurzeit ausgesetzt.",
  },
  products: { 9995: "Deutschland\u00adticket Schule", 9996: "Deutschland\u00adsemester\u00adticket", 9997: "D-Startkarte", 9998: "Deutschland\u00adticket Job", 9999: "Deutschland\u00adticket" },
  areas: ["Deutschland", "Baden-Württemberg", "Bayern", "Berlin", "Brandenburg", "Bremen", "Hamburg", "Hessen", "Mecklenburg-Vorpommern", "Niedersachsen", "Nordrhein-Westfalen", "Rheinland-Pfalz", "Saarland", "Sachsen", "Sachsen-Anhalt", "Schleswig-Holstein", "Thüringen"],
  organisation: "Organisation",
};

const ENGLISH = {
  title: "School ticket check", other: "DE", other_label: "Deutsch", camera: "Camera", tools: "Tools",
  start: "Start camera", start_note: "Codes are checked on this device, also without a network.",
  aim: "Hold the code inside the frame", no_camera: "No camera available. Please use picture or entry.",
  camera_denied: "The camera is not allowed. Please allow it in the browser's settings.",
  foreign_code: "This is not a school ticket code", reading: "Checking …", no_code: "No code found in the picture",
  torch: "Torch", picture: "Picture", enter: "Enter", log: "Log", next: "Next ticket", close: "Close",
  name: "Name", no_name: "not in the code", birth_date: "Date of birth", years: "years", valid_from: "Valid from",
  valid_until: "Valid until", area: "Area", product: "Product", number: "Number", test_ticket: "Test ticket",
  lists_of: "Status list of", lists_asked: "Last refreshed", lists_trust: "Trust list valid until",
  lists_problem: "Last message", lists_title: "Lists on this device", lists_none: "No lists",
  lists_short: "Lists", refresh: "Refresh now", never: "never", no_problem: "all is well",
  problems: {
    offline: "No network: the lists on this device count.",
    not_kept: "The storage of this device is full: the new lists count until this page is closed.",
    rollback: "The service has sent an older list. It does not count here. Please tell the control room.",
    fork: "The service has sent two lists of one number. The second does not count here. Please tell the control room.",
    omission: "A piece of the lists is missing. Please tell the control room.",
    other_issuer: "The list comes from another issuer. It does not count here. Please tell the control room.",
    over: "The service has sent an expired list, or the clock of this device is ahead.",
  },
  foreign: ({ kind, issuer }) => `${kind === "uic" ? "Railway ticket (UIC)" : "VDV ticket"}${issuer ? `, by its own account of ${kind === "uic" ? "company" : "certificate"} ${issuer}` : ""}. Its name and validity cannot be read here.`,
  clock_short: "Clock is wrong",
  clock: (ahead) => `The clock of this device is ${span(ahead, ENGLISH)} ${ahead > 0 ? "ahead" : "behind"}. Please set it, then refresh again; until then no ticket is shown as valid.`,
  spans: ["minutes", "hours", "days"],
  enter_title: "Enter a code or number",
  enter_note: "Text of the QR code (S1:…), bytes of the Aztec code (base64) or the ticket's number.", check: "Check",
  log_title: "Log", log_note: "Only verdict, minute and a mark of the ticket for the day; no names.",
  log_open: "not sent yet", log_sent: "sent", log_empty: "Nothing checked yet.", send: "Send",
  sign_in: "Sign in", sign_out: "Sign out", signed_in: "Signed in until", signed_out: "Only sending needs a sign-in.",
  sign_in_failed: "The sign-in did not work. Please try again.", log_no_key: "Please sign in to send.",
  place: "Send the rough place (11 × 7 km) too, so that copies are noticed",
  report: "Report of inspections (CSV)", report_saved: "The report of the last 30 days has been saved.",
  report_refused: "Only the transport operator's control room downloads the report; your account is not enabled for it.", report_failed: "No report: the service cannot be reached.",
  log_signed_out: "The sign-in is not valid any more. Please sign in anew.",
  log_refused: "Not sent: your account is not enabled for inspections; that of a control room only downloads the report here. The entries stay on this device.", log_failed: "Not sent: the service cannot be reached.",
  green: "Valid", amber: "Please check", red: "Not valid", suspended: "Suspended",
  age: (hours) => (hours < 1 ? "less than 1 h old" : hours < 48 ? `${Math.floor(hours)} h old` : `${Math.floor(hours / 24)} days old`),
  why: {
    good: "Genuine and not revoked.",
    no_list: "Genuine, but this device has no status list.",
    old_list: "Genuine, but the status list is too old. Please connect to the network.",
    clock: "Genuine, but the clock of this device is wrong: it cannot tell whether the ticket is valid now. Please set the clock.",
    clock_unproved: "Genuine, and expired by the clock of this device; but for over a day nothing has confirmed that clock. Please connect to the network.",
    early_clock_unproved: "Genuine, and not valid yet by the clock of this device; but for over a day nothing has confirmed that clock. Please connect to the network.",
    suspended: "Genuine, but suspended: it is not good at the moment.",
    say_suspended: "To the child, for example: “Your ticket is on hold just now. It is not your fault. Please tell them at home; the school authority can help.”",
    revoked: "This ticket has been revoked.", expired: "The ticket has expired.",
    not_yet_valid: "The ticket is not valid yet.", forged: "Not genuine: altered or forged.",
    not_accepted: "This ticket cannot be accepted.", not_issued: "Forged: signed with a stolen key.",
    unproven: "Not certain: the key was stolen, and this device lacks the list of genuine tickets.",
    certificate_clock: "The clock of this device is wrong: it cannot tell whether the ticket is valid. Please set the clock.",
    certificate_clock_unproved: "By the clock of this device the issuer's certificate is not valid; but for over a day nothing has confirmed that clock. Please connect to the network.",
    certificate: "The issuer's certificate is not valid.", unknown_issuer: "Unknown issuer.",
    not_enclosed: "An older form without its certificate: cannot be checked here.",
    other_issuer: "A ticket of another issuer; it cannot be checked here.",
    unknown_without_lists: "Issuer unknown. The lists on this device are missing or old.",
    unreadable: "This is not a readable school ticket.", no_barcode_found: "No code found in the picture.",
    unsupported_file: "This file is no picture that can be read here. Please choose a screenshot or photo of the code (PNG, JPEG, WEBP, GIF).",
    picture_too_large: "This picture is too large. Please choose a smaller one, for example a screenshot.",
    seen_elsewhere: "Shown twice: this ticket was checked elsewhere today too. Please look at the identity card.",
    seen_before: "Shown on this device before today:",
    number_unknown: "Not on the status list. A number alone proves nothing: please scan the code.",
    number_without_list: "There is no status list for this number here.",
    number_revoked: "A ticket with this number has been revoked.",
    number_suspended: "A ticket with this number is suspended at the moment.",
  },
  products: { ...GERMAN.products, 9995: "Deutschland\u00adticket for pupils" },
  areas: ["Germany", "Baden-Württemberg", "Bavaria", "Berlin", "Brandenburg", "Bremen", "Hamburg", "Hesse", "Mecklenburg-Western Pomerania", "Lower Saxony", "North Rhine-Westphalia", "Rhineland-Palatinate", "Saarland", "Saxony", "Saxony-Anhalt", "Schleswig-Holstein", "Thuringia"],
  organisation: "Organisation",
};

const STATES_OF = 5000;

/** How long, in the largest unit of which there are two: 25 hours, 3 days. */
function span(milliseconds, words) {
  const minutes = Math.abs(milliseconds) / 60_000;
  const [count, unit] = minutes < 120 ? [minutes, 0] : minutes < 48 * 60 ? [minutes / 60, 1] : [minutes / 1440, 2];
  return `${Math.round(count)} ${words.spans[unit]}`;
}

export const LANGUAGES = { de: GERMAN, en: ENGLISH };

/** "de" or "en", by what the browser prefers; German where it prefers neither. */
export function preferred(languages) {
  return languages.map((one) => one.slice(0, 2).toLowerCase()).find((one) => one in LANGUAGES) ?? "de";
}

export function productName(words, product) {
  return words.products[product] ?? `${words.product} ${product}`;
}

/** A ticket's area in words: the states by name, other organisations' areas by number. */
export function areaName(words, area) {
  if (!area) return "–";
  const { organisation_id: organisation, numbers } = area;
  const names = numbers.map((one) => (organisation === STATES_OF ? words.areas[one - 1] : null) ?? String(one));
  return organisation === STATES_OF ? names.join(", ") : `${words.organisation} ${organisation}: ${names.join(", ") || "–"}`;
}
