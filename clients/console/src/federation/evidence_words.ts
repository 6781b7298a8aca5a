// A file of evidence in plain words: what the log's key signed, and why both cannot be true. The file is shown as it is
// said; `tocsin verify` is what checks it.
import { fromBase64 } from "../proof/bytes";

export interface Evidence {
  log: string;
  kind: string;
  found: string;
  text: string;
}

interface Signed {
  size: string;
  root: string;
}

function signedIn(text: string, name: "first" | "second"): Signed | null {
  const encoded = text.split("\n").find((line) => line.startsWith(`${name} `));
  const bytes = encoded === undefined ? null : fromBase64(encoded.slice(name.length + 1));
  if (bytes === null) return null;
  const [, size, root] = new TextDecoder().decode(bytes).split("\n");
  return size !== undefined && /^\d+$/.test(size) && root ? { size, root } : null;
}

const entries = (size: string) => `${Number(size).toLocaleString("en")} ${size === "1" ? "entry" : "entries"}`;

function contradiction({ kind, text }: Evidence): string[] {
  const [first, second] = [signedIn(text, "first"), signedIn(text, "second")];
  const out = [];
  if (first && second)
    out.push(`Its key signed a log of ${entries(first.size)} with the root ${first.root}, and one of ${entries(second.size)} with the root ${second.root}.`);
  out.push(
    kind === "forked"
      ? "One log of one size has one root: it showed two parties two different logs."
      : "The longer one does not begin with the shorter one: what was signed before was changed or left out.",
    "It does not say why. A server that was restored from an old backup and signed on does the same as one that lies, or whose key was stolen.",
    "Call the other side, on the number that you had before, and send the file: it shows the contradiction to anybody who has the log's key.",
  );
  return out;
}

export function inWords(evidence: Evidence): string[] {
  if (evidence.kind === "forked" || evidence.kind === "rewritten") return contradiction(evidence);
  if (evidence.kind === "misrelayed")
    return [
      "It handed on an entry of another instance's log that it may not hand on. Nothing of that answer was taken. It quarantines nobody, and proves nothing to others, as no relay signs what it hands on.",
      "Call its operator. The file has the entry itself: show it to the instance whose log it is, and to nobody else.",
    ];
  return ["The console does not know this kind of evidence. The file is what was kept."];
}
