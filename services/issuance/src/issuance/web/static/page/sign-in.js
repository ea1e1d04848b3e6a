/**
 * The inspector's sign-in: OpenID Connect, authorization code with PKCE (RFC 7636, 9700), from this page itself, which
 * is a public client without a secret. The access token lives as long as this tab, and serves for sending the log
 * alone: tickets are checked without any sign-in.
 */

const SETTINGS = new URL("../../settings.json", import.meta.url);
const PAGE = new URL("../../../scan", import.meta.url);
const PATIENCE = 15_000;
const [BEGUN, HELD] = ["sign-in-begun", "sign-in"];

const kept = (name) => JSON.parse(sessionStorage.getItem(name));
const keep = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));

/** The access token, or null where there is none or it has ended. */
export function token(now = Date.now()) {
  const held = kept(HELD);
  return held && held.until > now ? held.token : null;
}

/** Until when (milliseconds) the sign-in lasts, or null. */
export const signedInUntil = (now = Date.now()) => (token(now) ? kept(HELD).until : null);

export function leave() {
  sessionStorage.removeItem(HELD);
}

/** Leaves the page for the identity provider. Throws where it cannot be reached. */
export async function begin() {
  const { issuer, client_id: client } = await fetchJson(SETTINGS);
  const provider = await metadata(issuer);
  const [state, verifier] = [random(), random()];
  keep(BEGUN, { state, verifier, issuer, client });
  const address = new URL(provider.authorization_endpoint);
  const asked = {
    response_type: "code", client_id: client, redirect_uri: PAGE.href, scope: "openid", state,
    code_challenge: await challengeOf(verifier), code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  location.assign(address);
}

/**
 * Where this visit is the way back from the identity provider: true when it worked, false when it did not; null for
 * any other visit. What the provider wrote into the address leaves it at once.
 */
export async function finish(now = Date.now()) {
  const answer = new URL(location.href).searchParams;
  if (!answer.has("state")) return null;
  history.replaceState(null, "", PAGE.pathname);
  const begun = kept(BEGUN);
  sessionStorage.removeItem(BEGUN);
  // an answer that this tab did not ask for, or another provider's (RFC 9207), signs nobody in
  const isOurs = begun && answer.get("state") === begun.state && (answer.get("iss") ?? begun.issuer) === begun.issuer;
  if (!isOurs || !answer.get("code")) return false;
  try {
    const provider = await metadata(begun.issuer);
    const found = await fetchJson(provider.token_endpoint, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code", code: answer.get("code"), redirect_uri: PAGE.href, client_id: begun.client,
        code_verifier: begun.verifier,
      }),
    });
    if (found.token_type?.toLowerCase() !== "bearer" || typeof found.access_token !== "string") return false;
    keep(HELD, { token: found.access_token, until: now + (found.expires_in ?? 300) * 1000 });
    return true;
  } catch {
    return false;
  }
}

async function metadata(issuer) {
  const found = await fetchJson(`${issuer}/.well-known/openid-configuration`);
  if (found.issuer !== issuer) throw new Error("the metadata name another issuer");
  return found;
}

async function fetchJson(address, options = {}) {
  const plain = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(address, { ...plain, ...options });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

/** 32 random bytes as text: 43 characters, as RFC 7636 wants them. */
function random() {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier) {
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64Url(data) {
  return btoa(String.fromCharCode(...data)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
