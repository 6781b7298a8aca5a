// The proof of an indicator (C2SP tlog-proof), checked step by step as `tocsin verify` does it, in the browser.
import { equal, fromBase64, hmacSha256, sha256, toHex, utf8, type Bytes } from "./bytes";
import { rootFrom } from "./merkle";
import { isSignedBy, parseCheckpoint, parseNote, SIGNS, type Checkpoint, type Key, type Note } from "./note";

export interface Proof {
  header: Bytes; // commitment to the header, which stays hidden
  salt: Bytes;
  body: Bytes; // the object, as it is stored
  index: bigint;
  path: Bytes[];
  note: Note;
  checkpoint: Checkpoint;
}

export type Outcome = "holds" | "fails" | "unknown";
export interface Step {
  name: string;
  outcome: Outcome;
  says: string;
}

const FIRST_LINE = "c2sp.org/tlog-proof@v1";

// A sentence instead of a proof says why it is none.
export function parseProof(text: string): Proof | string {
  const end = text.indexOf("\n\n");
  const [first, extra, index, ...path] = text.slice(0, Math.max(end, 0)).split("\n");
  if (end < 0 || first !== FIRST_LINE) return "Its first line is not that of a proof, or it has no checkpoint.";
  const opening = extra?.startsWith("extra ") ? fromBase64(extra.slice(6)) : null;
  if (!opening || opening[0] !== 1 || opening.length <= 65) return "It opens no object, or in a version that is not known here.";
  if (!index || !/^index (0|[1-9][0-9]{0,18})$/.test(index)) return "It names no place in the log.";
  const hashes = path.map(fromBase64);
  if (hashes.length > 63 || !hashes.every((hash): hash is Bytes => hash?.length === 32))
    return "Its hashes are not those of a log.";
  const note = parseNote(text.slice(end + 2));
  const checkpoint = note && parseCheckpoint(note.text);
  if (!checkpoint) return "Its checkpoint is none.";
  return {
    header: opening.slice(1, 33),
    salt: opening.slice(33, 65),
    body: opening.slice(65),
    index: BigInt(index.slice(6)),
    path: hashes,
    note,
    checkpoint,
  };
}

function sameIndicator(body: Bytes, id: string): boolean {
  try {
    const object: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof object === "object" && object !== null && "id" in object && object.id === id;
  } catch {
    return false;
  }
}

// `logKey`: as the operator gave it, by another way than the server that is asked; null: nobody did.
export async function check(proof: Proof, id: string, logKey: Key | null): Promise<Step[]> {
  const commitment = await hmacSha256("fed/body/v1", proof.salt, proof.body);
  const entry = await sha256(utf8("fed/entry/v1\n"), proof.header, commitment);
  const leaf = await sha256(Uint8Array.of(0), Uint8Array.of(1), entry);
  const root = await rootFrom(leaf, proof.index, proof.checkpoint.size, proof.path);
  const included = root !== null && equal(root, proof.checkpoint.root);
  return [
    {
      name: "indicator",
      outcome: sameIndicator(proof.body, id) ? "holds" : "fails",
      says: `${proof.body.length} bytes, the object as it is stored`,
    },
    { name: "commitment", outcome: "holds", says: toHex(commitment) },
    { name: "leaf", outcome: "holds", says: toHex(leaf) },
    {
      name: "inclusion",
      outcome: included ? "holds" : "fails",
      says: `entry ${proof.index} of ${proof.checkpoint.size}${included ? "" : ": the hashes lead to another root"}`,
    },
    { name: "checkpoint", outcome: "holds", says: `${proof.checkpoint.origin}, root ${toHex(proof.checkpoint.root)}` },
    await signature(proof, logKey),
  ];
}

async function signature(proof: Proof, key: Key | null): Promise<Step> {
  if (key === null)
    return { name: "signature", outcome: "unknown", says: "No key of the log is known in this browser." };
  try {
    const signed = key.kind === SIGNS && key.name === proof.checkpoint.origin && (await isSignedBy(proof.note, key));
    return { name: "signature", outcome: signed ? "holds" : "fails", says: `by ${key.text}` };
  } catch {
    return { name: "signature", outcome: "unknown", says: "This browser cannot verify Ed25519." };
  }
}

export function summed(steps: Step[]): Outcome {
  if (steps.some((step) => step.outcome === "fails")) return "fails";
  return steps.every((step) => step.outcome === "holds") ? "holds" : "unknown";
}
