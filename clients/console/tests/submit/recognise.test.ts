import { describe, expect, it } from "vitest";
import { parametersOf } from "../../src/submit/send";
import { recognise } from "../../src/submit/recognise";

const looks = (text: string) => {
  const form = recognise(text);
  return form && [form.type, form.list, form.rows];
};

describe("the parameters of a list", () => {
  it("say what its lines are", () => {
    const form = recognise("e7d705a3286e19ea42f587b344ee6865")!;
    expect(parametersOf(form, { list: "ja3", tlp: "green", confidence: "" })).toEqual({ kind: "tls-fingerprint", algorithm: "ja3", tlp: "green" });
    const bundle = recognise('{"type":"bundle","objects":[]}')!;
    expect(parametersOf(bundle, { list: "ja3", tlp: "green", confidence: "7" })).toEqual({});
  });
});

describe("what is pasted", () => {
  it.each([
    ["198.51.100.0/24\n\n# a remark\n203.0.113.7\r\n2001:db8::/32", ["text/plain", "ip-range", 3]],
    ["192.0.2.1 - 192.0.2.9", ["text/plain", "ip-range", 1]],
    ["AS64500\nas64501", ["text/plain", "proxy-asn", 2]],
    ["proxy.example\nother.example", ["text/plain", "proxy-domain", 2]],
    ["e7d705a3286e19ea42f587b344ee6865", ["text/plain", "ja3", 1]],
    ["kind,value\nip-range,198.51.100.0/24\nproxy-asn,AS64500", ["text/csv", undefined, 3]],
    ['{"type":"bundle","objects":[{},{}]}', ["application/stix+json", undefined, 2]],
    ['[{"kind":"ip-range"}]', ["application/json", undefined, 1]],
    ['{"Event":{}}', ["application/json", undefined, 1]],
    ['{"kind":"a"}\n{"kind":"b"}', ["application/x-ndjson", undefined, 2]],
    ["198.51.100.1\nproxy.example", ["text/plain", "ip-range", 2]],
  ])("%j", (text, expected) => expect(looks(text)).toEqual(expected));

  it.each(["", "  \n\n", "# only a remark"])("that is nothing is nothing: %j", (text) => expect(recognise(text)).toBeNull());
});
