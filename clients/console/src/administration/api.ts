// What administrators ask and change, as schema/openapi.yaml has it.
import { post } from "../api/client";

export const ADMIN = ["api", "v1", "admin"];

export interface Organisation {
  name: string;
  type: string;
  clearance: string;
  identity: string;
  authority: string;
  disabled: boolean;
  standing: string;
  created: string;
  origin?: string;
}

export interface Credential {
  id: string;
  organisation: string;
  roles: string[];
  label: string;
  person: string;
  networks: string[];
  collections: string[];
  kinds: string[];
  created: string;
  expires: string | null;
  max_tlp: string | null;
  dialect: string;
  revoked: string | null;
  state: string;
  certificate: string | null;
}

export const LEVELS = ["clear", "green", "amber", "amber+strict", "red"];

// A change; one that needs no more than its path is sent an empty object, which the server does not look at.
export function change<T>(parts: string[], body: object = {}): Promise<T> {
  return post<T>([...ADMIN, ...parts], {}, "application/json", JSON.stringify(body));
}

// What was left empty is not sent: a member that is absent is as the server has it by itself.
export function withoutEmpty(fields: Record<string, string | string[]>): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.length > 0));
}

// "a, b  c" as three.
export function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
