// A marking, as TLP 2.0 writes it. Colour never says it alone.
export function Tlp({ level }: { level: string | undefined }) {
  if (level === undefined) return <span className="nothing">unmarked</span>;
  return <span className={`tlp tlp-${level.replace("+", "-").replace(/[^a-z-]/g, "")}`}>TLP:{level.toUpperCase()}</span>;
}
