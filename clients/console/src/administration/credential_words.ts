// Credentials in words: what one may do, and what a form asks for.
import { withoutEmpty, words, type Credential } from "./api";

export interface Fields {
  organisation: string;
  roles: string[];
  label: string;
  person: string;
  expires: string; // a day, or ""
  max_tlp: string;
  networks: string;
  collections: string;
  kinds: string;
  certificate: string;
}

export type Form = "invitation" | "token" | "certificate";

export const FORMS: Record<Form, string> = {
  invitation: "an invitation: its holder exchanges it within a day for a token that nobody else ever sees",
  token: "a token, shown here once",
  certificate: "a client certificate that is let in",
};

export const ROLES: Record<string, string> = {
  submitter: "shares; reads what its organisation shared",
  analyst: "reads all that its organisation may see, shares, takes back",
  feed: "reads and follows, for a firewall or a gateway",
  liaison: "reads what its government may see",
  auditor: "reads the audit trail and the signed logs, no content",
  admin: "organisations, credentials, collections, audiences, allow lists; no content",
};

export function bodyOf(fields: Fields, form: Form): Record<string, string | string[]> {
  const { networks, collections, kinds, certificate, expires, ...rest } = fields;
  return withoutEmpty({
    ...rest,
    networks: words(networks),
    collections: words(collections),
    kinds: words(kinds),
    expires: expires && `${expires}T23:59:59Z`,
    certificate: form === "certificate" ? certificate.trim() : "",
  });
}

// What keeps it from being asked for, or null.
export function mistake(fields: Fields, form: Form): string | null {
  if (fields.organisation === "") return "Choose the organisation that it is for.";
  if (fields.roles.length === 0) return "Choose at least one role: without one it may do nothing.";
  if (form === "certificate" && fields.certificate.trim() === "") return "Say what the certificate carries: pin:, URI: or DNS: and its value.";
  return null;
}

// What narrows it beside its roles.
export function limits(one: Credential): string[] {
  const out: string[] = [];
  if (one.max_tlp !== null) out.push(`up to TLP:${one.max_tlp.toUpperCase()}`);
  if (one.networks.length > 0) out.push(`from ${one.networks.join(", ")}`);
  if (one.collections.length > 0) out.push(`in ${one.collections.length} collection${one.collections.length === 1 ? "" : "s"}`);
  if (one.kinds.length > 0) out.push(`of ${one.kinds.join(", ")}`);
  if (one.certificate !== null) out.push(`by the certificate ${one.certificate}`);
  return out;
}

const STATES: Record<string, string> = {
  active: "works",
  invitation: "waits to be exchanged",
  expired: "has expired",
  disabled: "its organisation is disabled",
  denied: "its key is denied",
  revoked: "was revoked",
};

export function stateInWords(state: string): string {
  return STATES[state] ?? state;
}

// Those that work, or could again, come first; the newest of each first.
export function ordered(credentials: Credential[]): Credential[] {
  const ended = (one: Credential) => (one.state === "revoked" || one.state === "expired" || one.state === "denied" ? 1 : 0);
  return [...credentials].sort((a, b) => ended(a) - ended(b) || b.created.localeCompare(a.created));
}
