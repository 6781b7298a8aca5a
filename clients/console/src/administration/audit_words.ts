// An entry of the audit trail as a row: when, who, what, and the rest as it stands in the entry.

export interface AuditWords {
  at: string;
  who: string;
  action: string;
  rest: [string, string][];
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(", ");
  if (typeof value === "object" && value !== null) return Object.entries(value).map(([name, one]) => `${name} ${text(one)}`).join(", ");
  return value === null ? "none" : String(value);
}

const ROLES = ["submitter", "analyst", "feed", "liaison", "peer", "auditor", "admin"]; // a bit each

function rolesIn(bits: number): string {
  return ROLES.filter((_, at) => (bits >> at) & 1).join(", ");
}

const PEOPLE: Record<string, string> = { "admin-socket": "by a command on the server", program: "by the program itself", following: "by following a peer" };

export function wordsOf(entry: string): AuditWords {
  let parsed: unknown;
  try {
    parsed = JSON.parse(entry);
  } catch {
    parsed = null;
  }
  if (typeof parsed !== "object" || parsed === null) return { at: "", who: "", action: "an entry that the console cannot read", rest: [["entry", entry]] };
  const { at, by, action, ...rest } = parsed as Record<string, unknown>;
  const { organisation, credential } = (typeof by === "object" && by !== null ? by : {}) as Record<string, unknown>;
  const how = PEOPLE[String(credential)] ?? (credential === undefined ? "" : text(credential));
  return {
    at: typeof at === "string" ? at : "",
    who: [organisation === undefined ? "" : text(organisation), how].filter((one) => one !== "").join(", "),
    action: text(action),
    rest: Object.entries(rest)
      .map(([name, value]): [string, string] => [name, name === "roles" && typeof value === "number" ? rolesIn(value) : text(value)])
      .filter(([, value]) => value !== ""),
  };
}
