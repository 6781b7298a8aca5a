// What a claim that covers a value comes to now, in words. A claim is acted upon only while it is in force.
import type { Claim } from "../api/types";

export function isInForce(claim: Claim, now: Date): boolean {
  return stateOf(claim, now) === "in force";
}

export function stateOf(claim: Claim, now: Date): string {
  if (claim.revoked) return "revoked";
  if (claim.valid_until !== undefined && new Date(claim.valid_until) <= now) return "over";
  if (claim.valid_from !== undefined && new Date(claim.valid_from) > now) return "not yet";
  if (claim.muted) return "muted here";
  return "in force";
}

// Counts of what an answer has, which may be a part of all that there are.
export function countInWords(claims: Claim[], isMore: boolean, now: Date): string {
  const inForce = claims.filter((claim) => isInForce(claim, now)).length;
  const number = claims.length.toLocaleString("en");
  const all = claims.length === 1 ? "1 claim covers it" : `${number} claims cover it`;
  return `${all}${isMore ? ", and more that were not asked for yet" : ""}; ${inForce.toLocaleString("en")} in force.`;
}
