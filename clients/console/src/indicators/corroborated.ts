// How many others say the same, as far as the server knows. Nobody is counted who only repeats.
import type { IndicatorItem } from "../api/types";

export function corroborated(item: IndicatorItem): string {
  const found = item.corroboration;
  if (!found) return "";
  if (found.independent === undefined) return `at least ${found.organisations}`;
  return `${found.independent} independent${found.repeated ? `, ${found.repeated} repeated` : ""}`;
}
