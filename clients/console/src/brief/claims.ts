// What a brief says, claim by claim: each number with who vouches for it, what it rests on, and since when it is said.
// Nothing is added up over members, who may have seen the same accounts.
import type { Campaign, CampaignStatement, Count } from "../api/types";
import { inWords } from "../campaigns/counts";

export const LEVELS = ["clear", "green", "amber", "amber+strict", "red"] as const;

// observed: counted by who says it; assessed: a judgement of theirs.
export type Standing = "observed" | "assessed";

export interface Claim {
  number: number; // by which it is cited, from 1 in the whole brief
  campaign: string; // its id
  what: string;
  value: string;
  standing: Standing;
  disclosed: boolean; // who says it has told the public of the campaign
  organisation?: string | undefined;
  origin?: string | undefined;
  tlp?: string | undefined;
  modified: string;
  basis: string; // in words
}

export interface Portrait {
  id: string;
  name: string;
  descriptions: { text: string; organisation?: string | undefined; origin?: string | undefined }[];
  first: string | null;
  last: string | null;
  claims: Claim[];
  indicators: Campaign["indicators"];
  sightings: number; // in the period
}

export interface Brief {
  marking: string | undefined; // the strictest of all that is in it; undefined: something of it is unmarked, or there is nothing
  campaigns: Portrait[];
}

export interface Asked {
  from: string; // days, as 2026-02-03; "": without a bound
  until: string;
  campaigns: readonly string[]; // ids; none: all
  capability: string; // "": any
}

const COUNTS = [
  ["exchanges", "exchanges"],
  ["accounts", "accounts"],
  ["tokens", "tokens"],
] as const;

const LISTS = [
  ["targeted_capabilities", "targeted capabilities"],
  ["target_models", "targeted models"],
  ["restrictions_evaded", "restrictions evaded"],
] as const;

const BASES: Record<string, string> = {
  exact: "counted",
  "lower-bound": "counted, and there may be more",
  estimate: "estimated",
};

// The bounds are days, and both belong to the period.
export function isWithin(said: CampaignStatement, { from, until }: Asked): boolean {
  const first = (said.first_seen ?? said.last_seen ?? said.modified).slice(0, 10);
  const last = (said.last_seen ?? said.first_seen ?? said.modified).slice(0, 10);
  return (from === "" || last >= from) && (until === "" || first <= until);
}

export function isAskedFor(said: CampaignStatement, asked: Asked): boolean {
  return (
    !said.revoked &&
    isWithin(said, asked) &&
    (asked.campaigns.length === 0 || asked.campaigns.includes(said.id)) &&
    (asked.capability === "" || (said.targeted_capabilities ?? []).includes(asked.capability))
  );
}

export function strictest(levels: readonly (string | undefined)[]): string | undefined {
  const places = levels.map((level) => LEVELS.findIndex((one) => one === level));
  if (places.length === 0 || places.includes(-1)) return undefined;
  return LEVELS[Math.max(...places)];
}

function ofCount(count: Count): { value: string; standing: Standing; basis: string } {
  const counted = count.basis === "exact" || count.basis === "lower-bound";
  return { value: inWords(count), standing: counted ? "observed" : "assessed", basis: BASES[count.basis ?? ""] ?? "does not say" };
}

function claimsOf(said: CampaignStatement): Omit<Claim, "number">[] {
  const of = { campaign: said.id, disclosed: said.disclosed_publicly === true, organisation: said.organisation, origin: said.origin, tlp: said.tlp, modified: said.modified };
  const counts = COUNTS.flatMap(([name, what]) => {
    const count = said[name];
    return count === undefined ? [] : [{ ...of, what, ...ofCount(count) }];
  });
  const lists = LISTS.flatMap(([name, what]) => {
    const list = said[name];
    return list === undefined || list.length === 0 ? [] : [{ ...of, what, value: list.join(", "), standing: "assessed" as const, basis: "judged" }];
  });
  const pivots = (said.release_pivots ?? []).map((pivot) => ({
    ...of,
    what: `traffic that moved to ${pivot.model} after its release`,
    value: pivot.share === undefined ? "some" : `${Math.round(pivot.share * 100)} %`,
    standing: "observed" as const,
    basis: "measured",
  }));
  return [...counts, ...lists, ...pivots];
}

const earliest = (times: (string | undefined)[]) => times.filter((one) => one !== undefined).sort()[0] ?? null;
const latest = (times: (string | undefined)[]) => times.filter((one) => one !== undefined).sort().at(-1) ?? null;

function portraitOf(campaign: Campaign, said: CampaignStatement[], { from, until }: Asked, cite: () => number): Portrait {
  const days = campaign.sightings.by_day.filter(({ day }) => (from === "" || day >= from) && (until === "" || day <= until));
  return {
    id: campaign.id,
    name: said[0]!.name,
    descriptions: said.flatMap((one) => (one.description === undefined ? [] : [{ text: one.description, organisation: one.organisation, origin: one.origin }])),
    first: earliest(said.map((one) => one.first_seen)),
    last: latest(said.map((one) => one.last_seen)),
    claims: said.flatMap(claimsOf).map((claim) => ({ number: cite(), ...claim })),
    indicators: campaign.indicators,
    sightings: days.reduce((sum, day) => sum + day.count, 0),
  };
}

export function briefOf(campaigns: readonly Campaign[], asked: Asked): Brief {
  let cited = 0;
  const levels: (string | undefined)[] = [];
  const portraits = campaigns.flatMap((campaign) => {
    const said = campaign.said.filter((one) => isAskedFor(one, asked));
    if (said.length === 0) return [];
    levels.push(...said.map((one) => one.tlp));
    return [portraitOf(campaign, said, asked, () => ++cited)];
  });
  return { marking: strictest(levels), campaigns: portraits };
}
