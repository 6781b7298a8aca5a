// Sending what was pasted: first as a dry run, which stores nothing, then the same bytes with the same parameters.
import { post } from "../api/client";
import { LIST_KINDS, type Form, type ListKind } from "./recognise";

export interface ItemFinding {
  code: string;
  detail: string;
  remedy?: string;
  pointer?: string;
}

export interface SharedItem {
  outcome: "accepted" | "unchanged" | "refused" | "waiting";
  line?: number;
  pointer?: string;
  kind?: string;
  id?: string;
  collection?: string;
  valid_until?: string;
  notes?: string[];
  findings?: ItemFinding[];
}

export interface WhoSees {
  collection: string;
  tlp: string;
  audiences?: string[];
  organisations?: string[];
  releasable_to?: string[];
  because: string;
}

export interface SharedItems {
  dry_run: boolean;
  accepted: number;
  unchanged: number;
  refused: number;
  waiting?: number;
  items: SharedItem[];
  readers?: WhoSees[];
  left_out?: number;
  stopped?: { line: number; code: string; detail: string; remedy?: string };
}

export interface Defaults {
  list: ListKind; // of a plain list
  tlp: string; // "": as each item or the collection says
  confidence: string;
}

export function parametersOf(form: Form, defaults: Defaults): Record<string, string> {
  const out: Record<string, string> = form.type === "text/plain" ? { ...LIST_KINDS[defaults.list] } : {};
  if (form.type === "application/stix+json") return out; // objects say everything themselves
  if (defaults.tlp) out["tlp"] = defaults.tlp;
  if (defaults.confidence) out["confidence"] = defaults.confidence;
  return out;
}

export function share(text: string, form: Form, defaults: Defaults, dryRun: boolean, key: string): Promise<SharedItems> {
  const query = { ...parametersOf(form, defaults), ...(dryRun ? { dry_run: "1" } : {}) };
  // A key makes the same request, sent again after a cut, the same answer and not a second submission.
  return post<SharedItems>(["api", "v1", "indicators"], query, form.type, text, dryRun ? {} : { "Idempotency-Key": key });
}
