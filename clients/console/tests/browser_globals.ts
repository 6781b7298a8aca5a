// Node.js 18 has WebCrypto, but not under the name that browsers and later versions give it.
import { webcrypto } from "node:crypto";

if (!("crypto" in globalThis)) Object.defineProperty(globalThis, "crypto", { value: webcrypto });
