// The filters of a search, in the address of the page and in that of the question. What is empty is in neither.

export const FILTERS = [
  { name: "q", label: "Words", hint: 'of name, description and labels; "a phrase"; begin*' },
  { name: "kind", label: "Kind", hint: "such as ip-range" },
  { name: "value", label: "Value", hint: "exactly" },
  { name: "contains", label: "Contains address", hint: "networks that it lies in" },
  { name: "within", label: "Within network", hint: "what lies in it" },
  { name: "covers", label: "Covers", hint: "networks and domains above a value" },
  { name: "organisation", label: "Organisation", hint: "a member's name" },
  { name: "campaign", label: "Campaign", hint: "its id" },
  { name: "label", label: "Label", hint: "" },
  { name: "min_confidence", label: "Confidence from", hint: "percent" },
  { name: "active_at", label: "Active at", hint: "2026-02-03T10:20:30Z" },
] as const;

export type FilterName = (typeof FILTERS)[number]["name"];
export type Filters = Partial<Record<FilterName, string>>;

export const PAGE = 100;

export function filtersOf(query: URLSearchParams): Filters {
  const filters: Filters = {};
  for (const { name } of FILTERS) {
    const value = query.get(name)?.trim();
    if (value) filters[name] = value;
  }
  return filters;
}

// In one order, so that equal searches have equal addresses.
export function queryOf(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  for (const { name } of FILTERS) {
    const value = filters[name]?.trim();
    if (value) query.set(name, value);
  }
  return query;
}

// `next` has the filters of the page before in it.
export function questionOf(filters: Filters, next?: string): Record<string, string> {
  const limit = String(PAGE);
  return next === undefined ? { ...Object.fromEntries(queryOf(filters)), limit } : { next, limit };
}
