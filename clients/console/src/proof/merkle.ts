// RFC 6962 section 2.1.1: from a leaf and the hashes beside its way up to the root of a tree of so many leaves.
import { sha256, type Bytes } from "./bytes";

const NODE = Uint8Array.of(1);

// null: the path is too short or too long for that place in such a tree.
export async function rootFrom(leaf: Bytes, index: bigint, size: bigint, path: Bytes[]): Promise<Bytes | null> {
  if (index >= size) return null;
  let at = index;
  let last = size - 1n;
  let hash = leaf;
  for (const beside of path) {
    if (last === 0n) return null;
    if ((at & 1n) === 1n || at === last) {
      hash = await sha256(NODE, beside, hash);
      while ((at & 1n) === 0n && at !== 0n) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await sha256(NODE, hash, beside);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? hash : null;
}
