import { describe, expect, it } from "vitest";
import { patternInWords } from "../../src/indicators/pattern_words";

describe("a pattern in words", () => {
  it.each([
    ["[ipv4-addr:value ISSUBSET '198.51.100.0/24']", "the address lies in 198.51.100.0/24"],
    ["[autonomous-system:number = 64500]", "the autonomous system is 64500"],
    ["[domain-name:value = 'a.example' OR domain-name:value = 'b.example']", "the domain is a.example or the domain is b.example"],
    ["[domain-name:value LIKE '%it\\'s%']", "the domain is like %it's%"],
    ["[x-thing:deep.er = true AND ipv4-addr:value = '192.0.2.1']", "deep.er of x-thing is true and the address is 192.0.2.1"],
  ])("%s", (pattern, words) => expect(patternInWords(pattern)).toBe(words));

  it.each([
    "[a:b = 1] FOLLOWEDBY [c:d = 2]",
    "[a:b = 1] REPEATS 5 TIMES WITHIN 60 SECONDS",
    "[a:b = 1 AND c:d = 2 OR e:f = 3]",
    "[NOT a:b = 1]",
    "[(a:b = 1)]",
    "",
    "nonsense",
  ])("is not made up for %s", (pattern) => expect(patternInWords(pattern)).toBeNull());
});
