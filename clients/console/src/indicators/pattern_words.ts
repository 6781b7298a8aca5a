// A STIX pattern in words, as far as it is made of comparisons of what we know. What is more than that stands as it is:
// a sentence that leaves something out would be a lie.

const SUBJECTS: Record<string, string> = {
  "ipv4-addr:value": "the address",
  "ipv6-addr:value": "the address",
  "autonomous-system:number": "the autonomous system",
  "domain-name:value": "the domain",
  "email-addr:value": "the mail address",
  "url:value": "the URL",
  "prompt-template:template_sha256": "the prompt's template (by its SHA-256)",
  "tls-fingerprint:value": "the TLS fingerprint",
};

const VERBS: Record<string, string> = {
  "=": "is",
  "!=": "is not",
  ISSUBSET: "lies in",
  ISSUPERSET: "contains",
  LIKE: "is like",
  MATCHES: "matches",
  IN: "is one of",
  ">": "is above",
  ">=": "is at least",
  "<": "is below",
  "<=": "is at most",
};

const PART =
  /^\s*([a-z0-9-]+):([A-Za-z0-9_.'\-[\]*]+)\s+(=|!=|>=|<=|>|<|ISSUBSET|ISSUPERSET|LIKE|MATCHES|IN)\s+('(?:[^'\\]|\\.)*'|-?[0-9.]+|true|false|\([^()]*\))\s*/;

function literal(text: string): string {
  return text.startsWith("'") ? text.slice(1, -1).replace(/\\(.)/g, "$1") : text;
}

// null: it is said better by itself.
export function patternInWords(pattern: string): string | null {
  const inside = /^\[([\s\S]*)\]$/.exec(pattern.trim())?.[1];
  if (inside === undefined) return null;
  const words: string[] = [];
  let rest = inside;
  for (;;) {
    const found = PART.exec(rest);
    if (!found) return null;
    const [whole, type, path, verb, value] = found;
    const subject = SUBJECTS[`${type}:${path}`] ?? `${path} of ${type}`;
    words.push(`${subject} ${VERBS[verb!]} ${literal(value!)}`);
    rest = rest.slice(whole.length);
    if (rest === "") return words.join(" ");
    const joined = /^(AND|OR)\b/.exec(rest)?.[1];
    if (!joined || words.includes(joined === "AND" ? "or" : "and")) return null;
    words.push(joined.toLowerCase());
    rest = rest.slice(joined.length);
  }
}
