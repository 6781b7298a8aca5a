// Numbers that members give of a campaign, each with what it rests on. They are never added up: two members may have
// seen the same accounts.
import type { Count } from "../api/types";

const BASES: Record<string, string> = { exact: "exactly", "lower-bound": "at least", estimate: "by estimate" };

export function inWords(count: Count | undefined): string {
  if (count === undefined) return "not said";
  const basis = count.basis === undefined ? "" : `${BASES[count.basis] ?? count.basis} `;
  return basis + count.count.toLocaleString("en");
}

// "for 6 h after", "within 3 days": of a change of model.
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
