// Whether the audit trail is what its checkpoint says, re-derived in the browser as docs/audit.md has it: each leaf of its
// entry and salt, the root of all leaves, and the signature.
import { equal, fromBase64, hmacSha256, sha256, toHex, utf8, type Bytes } from "../proof/bytes";
import { isSignedBy, parseCheckpoint, parseKey, parseNote } from "../proof/note";
import type { Step } from "../proof/proof";

export interface AuditRow {
  position: number;
  at_us: number;
  entry: string;
  salt: string;
  leaf: string;
}

export interface AuditCheckpoint {
  origin: string;
  size: number;
  root: string;
  note: string;
  key: string;
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

function fromHex(text: string): Bytes | null {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

// null: the salt is none.
export async function leafOf(row: AuditRow): Promise<Bytes | null> {
  const salt = fromHex(row.salt);
  return salt && sha256(LEAF, await hmacSha256("audit/entry/v1", salt, utf8(row.entry)));
}

// RFC 6962 section 2.1: perfect trees on a stack, joined from the right at the end.
export async function rootOf(leaves: Bytes[]): Promise<Bytes> {
  const stack: { height: number; hash: Bytes }[] = [];
  const joined = async () => {
    const [left, right] = stack.splice(-2);
    stack.push({ height: left!.height + 1, hash: await sha256(NODE, left!.hash, right!.hash) });
  };
  for (const hash of leaves) {
    stack.push({ height: 0, hash });
    while (stack.length > 1 && stack.at(-1)!.height === stack.at(-2)!.height) await joined();
  }
  while (stack.length > 1) await joined();
  return stack[0]?.hash ?? sha256();
}

async function leavesStep(rows: AuditRow[]): Promise<{ step: Step; leaves: Bytes[] }> {
  const leaves: Bytes[] = [];
  for (const [index, row] of rows.entries()) {
    const leaf = await leafOf(row);
    if (row.position !== index) return { step: { name: "entries", outcome: "fails", says: `entry ${index} is missing` }, leaves };
    if (leaf === null || toHex(leaf) !== row.leaf) return { step: { name: "leaves", outcome: "fails", says: `entry ${index} is not what its leaf was made of` }, leaves };
    leaves.push(leaf);
  }
  return { step: { name: "leaves", outcome: "holds", says: `${rows.length.toLocaleString("en")} entries give their leaves` }, leaves };
}

async function signatureStep(checkpoint: AuditCheckpoint, trusted: string | null): Promise<Step> {
  const note = parseNote(checkpoint.note);
  const key = await parseKey(trusted ?? checkpoint.key);
  const said = note && parseCheckpoint(note.text);
  const root = fromBase64(checkpoint.root);
  const same = said && root && said.origin === checkpoint.origin && said.size === BigInt(checkpoint.size) && equal(said.root, root);
  if (!note || !key || !same) return { name: "signature", outcome: "fails", says: "the signed checkpoint says something else, or there is no key" };
  if (!(await isSignedBy(note, key))) return { name: "signature", outcome: "fails", says: `not by ${key.text}` };
  if (trusted === null) return { name: "signature", outcome: "unknown", says: `by ${key.text}, which only the server itself names` };
  return { name: "signature", outcome: "holds", says: `by ${key.text}` };
}

// `rows`: all entries from the first one on, as many as the checkpoint has. `trusted`: the key as it was handed over.
export async function check(rows: AuditRow[], checkpoint: AuditCheckpoint, trusted: string | null): Promise<Step[]> {
  const { step, leaves } = await leavesStep(rows);
  const signature = await signatureStep(checkpoint, trusted);
  if (step.outcome === "fails") return [step, signature];
  const root = fromBase64(checkpoint.root);
  const whole = rows.length === checkpoint.size && root !== null && equal(await rootOf(leaves), root);
  return [step, { name: "root", outcome: whole ? "holds" : "fails", says: whole ? `of ${checkpoint.size.toLocaleString("en")} leaves` : "another one than of these leaves" }, signature];
}
