// The parts of the administration, and the roles that the server answers in each.

export const SECTIONS = [
  { name: "organisations", title: "Organisations", roles: ["admin"] },
  { name: "credentials", title: "Credentials", roles: ["admin"] },
  { name: "audiences", title: "Audiences", roles: ["admin"] },
  { name: "collections", title: "Collections", roles: ["admin"] },
  { name: "allow-lists", title: "Allow lists", roles: ["admin"] },
  { name: "audit", title: "Audit", roles: ["auditor", "admin"] },
  { name: "feeds", title: "Feeds", roles: ["analyst", "feed"] },
  { name: "readers", title: "Readers", roles: ["analyst"] },
] as const;

export type Section = (typeof SECTIONS)[number];

export function sectionsOf(roles: string[]): Section[] {
  return SECTIONS.filter((section) => section.roles.some((role) => roles.includes(role)));
}
