// Shapes of the HTTP API, as schema/openapi.yaml has them under the same names. Whatever is a text in them was written
// by somebody else: it is shown as text and never becomes markup.

export interface ConsoleSession {
  organisation: string;
  credential: { id: string; label: string };
  roles: string[];
  idle_until: string;
  until: string;
}

export interface Corroboration {
  organisations: number;
  independent?: number;
  repeated?: number;
  complete: boolean;
}

export interface IndicatorItem {
  id: string;
  kind: string;
  name?: string;
  value?: string;
  values?: string[];
  modified: string;
  created_by_ref?: string;
  organisation?: string;
  origin?: string;
  tlp?: string;
  revoked: boolean;
  confidence?: number;
  confidence_now?: number;
  corroboration?: Corroboration;
  valid_from?: string;
  valid_until?: string;
  suggested_action?: string;
  collateral_level?: string;
  campaign_refs?: string[];
  labels?: string[];
  muted?: { because: string; until?: string };
}

export interface IndicatorStatement extends IndicatorItem {
  audiences?: string[];
  native?: Record<string, unknown>;
  object: Record<string, unknown>;
}

export interface SightingTally {
  sightings: number;
  count: number;
  organisations: number;
  first_seen?: string;
  last_seen?: string;
}

export interface Dispute {
  opinion: string;
  explanation: string;
  modified: string;
  organisation?: string;
  origin?: string;
}

export interface Indicator {
  id: string;
  said: IndicatorStatement[];
  sightings: { by_outcome: Record<string, SightingTally>; organisations: number; complete: boolean };
  opinions: { by_value: Record<string, number>; organisations: number; disputes?: Dispute[]; complete: boolean };
}

export interface IndicatorVersion {
  modified: string;
  date_added: string;
  collections: string[];
  revoked: boolean;
  changed?: string[];
}

export interface IndicatorHistory {
  id: string;
  histories: { created_by_ref?: string; organisation?: string; origin?: string; versions: IndicatorVersion[] }[];
  complete: boolean;
}

export interface IndicatorPage {
  indicators: IndicatorItem[];
  next?: string;
}

// Of an answer to why a value is acted upon.
export interface Claim extends IndicatorItem {
  evidence_basis?: string[];
  since: string;
  own: boolean;
  own_range?: string;
  dispute?: string;
}

export interface Claims {
  claims: Claim[];
  next?: string;
}

export interface PeerStatus {
  name: string;
  origin: string;
  state: string;
  verified: number;
  applied: number;
  lag: number;
  control_verified: number;
  control_applied: number;
  refused: number;
  recalled: number;
  recall_alarm: boolean;
  witnessed: number | null;
  verified_at: string | null;
  fresh_at: string | null;
  stale: boolean;
  numberings: number;
  withheld: string | null;
  unacknowledged: string | null;
  error: string | null;
  error_since: string | null;
}

export interface Count {
  count: number;
  basis?: string;
}

export interface CampaignStatement {
  id: string;
  name: string;
  modified: string;
  organisation?: string;
  origin?: string;
  tlp?: string;
  revoked?: boolean;
  description?: string;
  first_seen?: string;
  last_seen?: string;
  accounts?: Count;
  exchanges?: Count;
  tokens?: Count;
  objective?: string;
  targeted_capabilities?: string[];
  target_models?: string[];
  restrictions_evaded?: string[];
  release_pivots?: { model: string; time: string; seconds?: number; share?: number }[];
  disclosed_publicly?: boolean;
}

export interface Campaign {
  id: string;
  said: CampaignStatement[];
  at_least: { accounts?: number; exchanges?: number; tokens?: number };
  indicators: { count: number; by_kind: Record<string, number>; complete: boolean };
  sightings: { by_day: { day: string; sightings: number; count: number; organisations: number }[]; complete: boolean };
}

export interface CampaignPage {
  campaigns: CampaignStatement[];
  after: string;
  complete: boolean;
}

// RFC 9457.
export interface Problem {
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id?: string;
}
