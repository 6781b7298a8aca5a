// What somebody pasted, told by its looks, so that it is sent as what it is. The server decides: this is a proposal that
// can be changed, and what is recognised wrongly is refused there line by line.

export interface Form {
  type: string; // media type of the request
  name: string; // for people
  rows: number; // about so many things
  list?: ListKind; // of a plain list, whose lines do not say it
}

// What the lines of a list may be, and the properties that say so.
export const LIST_KINDS = {
  "ip-range": { kind: "ip-range" },
  "proxy-asn": { kind: "proxy-asn" },
  "proxy-domain": { kind: "proxy-domain" },
  "user-agent": { kind: "user-agent" },
  ja3: { kind: "tls-fingerprint", algorithm: "ja3" },
  ja4: { kind: "tls-fingerprint", algorithm: "ja4" },
} as const;

export type ListKind = keyof typeof LIST_KINDS;

const LOOKS: [RegExp, ListKind][] = [
  [/^(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?$|^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*(?:\/\d{1,3})?$|^(?:\d{1,3}\.){3}\d{1,3}\s*-\s*(?:\d{1,3}\.){3}\d{1,3}$/i, "ip-range"],
  [/^as\d{1,10}$/i, "proxy-asn"],
  [/^[0-9a-f]{32}$/i, "ja3"],
  [/^[tq]\d\d[di]\d{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/i, "ja4"],
  [/^(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}$/i, "proxy-domain"],
];

function lines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}

// undefined: the lines are of no one kind.
function kindOf(values: string[]): ListKind | undefined {
  const kinds = new Set(values.slice(0, 1_000).map((value) => LOOKS.find(([looks]) => looks.test(value))?.[1]));
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

function json(text: string): Form | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  if (Array.isArray(value)) return { type: "application/json", name: "items in the native form", rows: value.length };
  if ("type" in value && value.type === "bundle") {
    const objects = "objects" in value && Array.isArray(value.objects) ? value.objects.length : 0;
    return { type: "application/stix+json", name: "a STIX bundle", rows: objects };
  }
  if ("Event" in value || "response" in value) return { type: "application/json", name: "an event of MISP", rows: 1 };
  return { type: "application/json", name: "an item in the native form", rows: 1 };
}

function isJsonLines(rows: string[]): boolean {
  return rows.length > 1 && rows.slice(0, 100).every((row) => row.startsWith("{") && json(row) !== null);
}

// null: there is nothing.
export function recognise(text: string): Form | null {
  const rows = lines(text);
  if (rows.length === 0) return null;
  const document = json(text);
  if (document) return document;
  if (isJsonLines(rows)) return { type: "application/x-ndjson", name: "items, one a line", rows: rows.length };
  const list = kindOf(rows);
  if (list) return { type: "text/plain", name: "a list", rows: rows.length, list };
  const columns = rows[0]!.split(",").length;
  if (columns > 1 && rows.slice(0, 100).every((row) => row.split(",").length >= columns - 1))
    return { type: "text/csv", name: "a table (CSV)", rows: rows.length };
  return { type: "text/plain", name: "a list", rows: rows.length, list: "ip-range" };
}
