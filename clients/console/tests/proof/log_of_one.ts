// A small log, made as the documents say: leaves, hashes beside the way up, and a checkpoint that is signed.
import { hmacSha256, join, sha256, toBase64, toHex, utf8, type Bytes } from "../../src/proof/bytes";

export async function node(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(Uint8Array.of(1), left, right);
}

// RFC 6962 section 2.1, by recursion: the largest power of two below the size splits it.
export async function rootOf(leaves: Bytes[]): Promise<Bytes> {
  if (leaves.length === 1) return leaves[0]!;
  const middle = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return node(await rootOf(leaves.slice(0, middle)), await rootOf(leaves.slice(middle)));
}

export async function pathTo(leaves: Bytes[], index: number): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const middle = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return index < middle
    ? [...(await pathTo(leaves.slice(0, middle), index)), await rootOf(leaves.slice(middle))]
    : [...(await pathTo(leaves.slice(middle), index - middle)), await rootOf(leaves.slice(0, middle))];
}

export interface Signer {
  text: string;
  sign: (message: string) => Promise<Bytes>; // with the 4 bytes of its id before it
}

export async function signer(name: string): Promise<Signer> {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
  if (!("publicKey" in pair)) throw new Error("no pair of keys");
  const key = join(Uint8Array.of(1), new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  const id = (await sha256(utf8(`${name}\n`), key)).slice(0, 4);
  return {
    text: `${name}+${toHex(id)}+${toBase64(key)}`,
    sign: async (message) =>
      join(id, new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, pair.privateKey, utf8(message)))),
  };
}

export async function proofText(object: string, index: number, size: number, origin: string, by: Signer): Promise<string> {
  const header = await sha256(utf8("header"));
  const salt = await sha256(utf8("salt"));
  const commitment = await hmacSha256("fed/body/v1", salt, utf8(object));
  const entry = join(Uint8Array.of(1), await sha256(utf8("fed/entry/v1\n"), header, commitment));
  const leaves = await Promise.all(
    Array.from({ length: size }, (_, at) => sha256(Uint8Array.of(0), at === index ? entry : utf8(`other ${at}`))),
  );
  const path = (await pathTo(leaves, index)).map((hash) => `${toBase64(hash)}\n`).join("");
  const text = `${origin}\n${size}\n${toBase64(await rootOf(leaves))}\n`;
  const extra = toBase64(join(Uint8Array.of(1), header, salt, utf8(object)));
  return `c2sp.org/tlog-proof@v1\nextra ${extra}\nindex ${index}\n${path}\n${text}\n— ${origin} ${toBase64(await by.sign(text))}\n`;
}
