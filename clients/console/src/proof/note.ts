// C2SP signed-note and tlog-checkpoint: a text with signatures below it, and what a checkpoint says.
import { equal, fromBase64, join, sha256, utf8, type Bytes } from "./bytes";

export interface Key {
  text: string;
  name: string;
  id: Bytes; // 4 bytes
  kind: number; // 1: signs a note; 4: cosigns a checkpoint, with the time
  publicKey: Bytes;
}

export interface Signature {
  name: string;
  id: Bytes;
  bytes: Bytes;
}

export interface Note {
  text: string; // with its last line feed
  signatures: Signature[];
}

export interface Checkpoint {
  origin: string;
  size: bigint;
  root: Bytes;
}

export const SIGNS = 1;
export const COSIGNS = 4;

// NAME+ID+KEY: the id is the beginning of SHA-256(name, LF, kind, key).
export async function parseKey(text: string): Promise<Key | null> {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text.trim()) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) return null;
  const bytes = fromBase64(encoded);
  if (bytes === null || bytes.length !== 33) return null;
  const kind = bytes[0]!;
  const expected = (await sha256(utf8(`${name}\n`), bytes)).slice(0, 4);
  const given = Uint8Array.from([0, 2, 4, 6], (at) => parseInt(id.slice(at, at + 2), 16));
  if (!equal(expected, given) || (kind !== SIGNS && kind !== COSIGNS)) return null;
  return { text: text.trim(), name, id: given, kind, publicKey: bytes.slice(1) };
}

export function parseNote(note: string): Note | null {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) return null;
  const signatures: Signature[] = [];
  for (const line of note.slice(end + 2, -1).split("\n")) {
    const found = /^— (\S+) (\S+)$/u.exec(line);
    const bytes = found && fromBase64(found[2]!);
    if (!found || !bytes || bytes.length < 5) return null;
    signatures.push({ name: found[1]!, id: bytes.slice(0, 4), bytes: bytes.slice(4) });
  }
  return { text: note.slice(0, end + 1), signatures };
}

export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin, size, root] = text.split("\n");
  if (!origin || size === undefined || !/^(0|[1-9][0-9]{0,18})$/.test(size)) return null;
  const hash = fromBase64(root ?? "");
  return hash?.length === 32 ? { origin, size: BigInt(size), root: hash } : null;
}

async function verifies(key: Key, message: Bytes, signature: Bytes): Promise<boolean> {
  const imported = await crypto.subtle.importKey("raw", key.publicKey, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

// By a key of either kind. A cosignature is over its time and the note (C2SP tlog-cosignature): 8 bytes come before it.
export async function isSignedBy(note: Note, key: Key): Promise<boolean> {
  for (const one of note.signatures) {
    if (one.name !== key.name || !equal(one.id, key.id)) continue;
    if (key.kind === SIGNS) return verifies(key, utf8(note.text), one.bytes);
    if (one.bytes.length !== 72) return false;
    const time = new DataView(one.bytes.buffer, one.bytes.byteOffset).getBigUint64(0);
    const message = join(utf8(`cosignature/v1\ntime ${time}\n`), utf8(note.text));
    return verifies(key, message, one.bytes.slice(8));
  }
  return false;
}
