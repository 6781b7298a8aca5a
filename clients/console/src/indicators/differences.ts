// What changed from one version of an indicator to the next, by the names that the server gives to what changed: those of
// its properties, and of our extension's by their own.
type Properties = Record<string, unknown>;

export const EXTENSION = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa";

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// As the server compares them: the extension's facts stand beside the object's properties.
export function propertiesOf(object: Properties): Properties {
  const { modified: _modified, extensions, ...own } = object;
  const { [EXTENSION]: facts, ...others } = isObject(extensions) ? extensions : {};
  return { ...own, ...(isObject(facts) ? facts : {}), extensions: others };
}

// For people: a text as it is, a list of texts line by line, the rest as JSON; null where there is none.
function inWords(value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join("\n");
  return JSON.stringify(value, null, 2);
}

export interface Difference {
  name: string;
  before: string | null;
  after: string | null;
}

export function differencesOf(before: Properties, after: Properties, names: readonly string[]): Difference[] {
  const was = propertiesOf(before), is = propertiesOf(after);
  return names.map((name) => ({ name, before: inWords(was[name]), after: inWords(is[name]) }));
}

// Two ways of writing one moment are one version: 12:00:00Z and 12:00:00.000Z.
export function momentOf(timestamp: string): string {
  const found = /^(.*:\d\d)(?:\.(\d*?)0*)?Z$/.exec(timestamp);
  return found ? `${found[1]}.${(found[2] ?? "").padEnd(9, "0")}Z` : timestamp;
}
