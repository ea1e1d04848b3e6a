/**
 * The verifier's codes in words, and what an inspector does now. A code is for whoever repairs something: it stands
 * beside its words, small. [German, English].
 */

const FORM = ["Der Code hat nicht die Form eines Tickets.", "The code does not have the form of a ticket."];
const REASONS = {
  status_checked: ["Mit der Sperrliste verglichen.", "Compared with the status list."],
  on_status_list: ["Steht auf der Sperrliste.", "It is on the status list."],
  status_unchecked: ["Zu dieser Nummer fehlt die Sperrliste.", "The status list of this number is missing."],
  status_list_old: ["Die Sperrliste ist älter als ein Tag.", "The status list is older than a day."],
  trust_list_expired: ["Die Vertrauensliste auf diesem Gerät ist abgelaufen.", "The trust list on this device has expired."],
  validity_over: ["Der letzte Tag ist vorbei.", "Its last day is over."],
  validity_not_begun: ["Der erste Tag kommt noch.", "Its first day is still to come."],
  validity_missing: ["Ein Zeitraum steht nicht im Code.", "The code states no period."],
  validity_reversed: ["Das Ende liegt vor dem Anfang.", "Its end comes before its beginning."],
  signature_wrong: ["Die Unterschrift passt nicht zum Inhalt.", "The signature does not fit the content."],
  hash_wrong: ["Der Inhalt wurde verändert.", "The content has been altered."],
  not_canonical: ["Der Inhalt ist anders geschrieben, als ein Aussteller es tut.", "The content is not written as an issuer writes it."],
  trailing_bytes: ["Hinter dem Ticket steht noch etwas.", "Something stands behind the ticket."],
  module_number_wrong: ["Die Nummer des Moduls passt nicht zum Zertifikat.", "The module's number does not fit its certificate."],
  certificate_linkage: ["Die Zertifikate gehören nicht zusammen.", "The certificates do not belong together."],
  organisation_not_allowed: ["Dieser Aussteller darf solche Tickets nicht ausgeben.", "This issuer may not issue such tickets."],
  test_and_real_mixed: ["Ein Testschlüssel hat ein echtes Ticket unterschrieben.", "A test key has signed a real ticket."],
  unknown_key: ["Der Schlüssel steht nicht in der Vertrauensliste.", "The key is not in the trust list."],
  unknown_sub_ca: ["Der Aussteller steht nicht in der Vertrauensliste.", "The issuer is not in the trust list."],
  certificates_left_out: ["Sein Zertifikat wurde nicht angenommen.", "Its certificate was not accepted."],
  uic_ticket: ["Ein Bahnticket (UIC).", "A railway ticket (UIC)."],
  module_certificate_not_enclosed: ["Das Zertifikat liegt dem Code nicht bei.", "The certificate does not come with the code."],
  anchor_without_signature: ["Dem Zertifikat des Ausstellers wird ohne Unterschrift vertraut.", "The issuer's certificate is trusted without a signature."],
  sub_ca_certificate_expired: ["Das Zertifikat des Ausstellers ist abgelaufen.", "The issuer's certificate has expired."],
  module_certificate_expired: ["Das Zertifikat des Moduls ist abgelaufen.", "The module's certificate has expired."],
  module_certificate_not_yet_valid: ["Das Zertifikat des Moduls gilt noch nicht.", "The module's certificate is not valid yet."],
  key_expired: ["Der Schlüssel gilt nicht mehr.", "The key is not valid any more."],
  not_issued: ["Steht nicht auf der Liste der echten Tickets.", "It is not on the list of genuine tickets."],
  key_compromised_but_issued: ["Der Schlüssel wurde gestohlen; dieses Ticket ist aber echt.", "The key was stolen; but this ticket is genuine."],
  issued_list_missing: ["Die Liste der echten Tickets fehlt.", "The list of genuine tickets is missing."],
  issued_list_old: ["Die Liste der echten Tickets ist zu alt.", "The list of genuine tickets is too old."],
  line_end_after_code: ["Hinter dem Code stand ein Zeilenende; es zählt nicht.", "A line end stood behind the code; it does not count."],
  not_a_ticket: ["Das ist ein anderer Code.", "This is another code."],
  not_a_schulticket_qr: ["Das ist ein anderer QR-Code.", "This is another QR code."],
  no_barcode_found: ["Kein Code im Bild.", "No code in the picture."],
  unsupported_file: ["Kein lesbares Bild.", "No readable picture."],
  picture_too_large: ["Das Bild ist zu groß.", "The picture is too large."],
};

const CARD = ["Bitte Ausweis ansehen und nach Dienstanweisung vorgehen.", "Please look at the identity card and follow your instructions."];
const ONLINE = ["Bitte mit dem Netz verbinden und noch einmal prüfen.", "Please connect to the network and check again."];
const OTHER = ["Bitte nach Dienstanweisung wie ein Ticket eines anderen Unternehmens behandeln.", "Please follow your instructions for tickets of other operators."];
const CLOSER = ["Bitte den Bildschirm heller stellen, den ganzen Code zeigen oder die Nummer eingeben.", "Please brighten the screen, show the whole code, or enter the number."];
const CODE = ["Bitte den Code des Tickets prüfen.", "Please check the code of the ticket."];
/** Where the verdict's own words do not say it already. */
const ADVICE = {
  no_list: ONLINE, unproven: ONLINE, unknown_without_lists: ONLINE, number_without_list: ONLINE,
  revoked: CARD, expired: CARD, not_yet_valid: CARD, forged: CARD, not_accepted: CARD, not_issued: CARD, certificate: CARD, unknown_issuer: CARD,
  suspended: CARD, not_enclosed: OTHER, other_issuer: OTHER, unreadable: CLOSER, no_barcode_found: CLOSER, number_revoked: CODE, number_suspended: CODE,
};

const spoken = (pair, language) => (pair ? pair[language === "de" ? 0 : 1] : "");

export const advice = (why, language) => spoken(ADVICE[why], language);

/** Codes that say the same are said once. */
export function inWords(codes, language) {
  return [...new Set(codes.map((code) => spoken(REASONS[code] ?? FORM, language)))].join(" ");
}
