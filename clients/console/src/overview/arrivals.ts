// What is published, as it comes: the server's stream of events (docs/stream.md), in the session of the browser. An
// EventSource takes up a broken stream where it was.

export interface Arrival {
  place: string; // where to go on, which no two have alike
  at: string;
  type: string;
  id: string;
  name: string;
  origin: string | undefined;
}

export type Told = { arrival: Arrival } | { ended: string } | { broken: true } | { open: true };

const KEPT = 100;

function field(object: Record<string, unknown>, name: string): string | undefined {
  const value = object[name];
  return typeof value === "string" ? value : undefined;
}

// null: not as the document says.
export function arrivalOf(place: string, data: string): Arrival | null {
  let event: unknown;
  try {
    event = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof event !== "object" || event === null || !("object" in event)) return null;
  const object = event.object;
  if (typeof object !== "object" || object === null) return null;
  const members = object as Record<string, unknown>;
  const type = field(members, "type");
  const id = field(members, "id");
  if (type === undefined || id === undefined) return null;
  const outer = event as Record<string, unknown>;
  return {
    place,
    at: field(outer, "date_added") ?? "",
    type,
    id,
    name: field(members, "name") ?? field(members, "value") ?? field(members, "pattern") ?? id,
    origin: field(outer, "origin"),
  };
}

// The newest first, each once, and no more than are looked at.
export function withArrival(before: Arrival[], one: Arrival): Arrival[] {
  if (before.some((each) => each.place === one.place)) return before;
  return [one, ...before].slice(0, KEPT);
}

export function tally(arrivals: Arrival[], of: (one: Arrival) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const one of arrivals) counts.set(of(one), (counts.get(of(one)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}

function why(data: string): string {
  try {
    const end: unknown = JSON.parse(data);
    if (typeof end === "object" && end !== null && "why" in end && typeof end.why === "string") return end.why;
  } catch {
    // said below
  }
  return "The server ended the stream.";
}

// Returns what ends it.
export function listen(tell: (told: Told) => void): () => void {
  const source = new EventSource("/api/v1/stream");
  source.addEventListener("open", () => tell({ open: true }));
  source.addEventListener("object", (event) => {
    const arrival = arrivalOf(event.lastEventId, String(event.data));
    if (arrival) tell({ arrival });
  });
  source.addEventListener("end", (event) => {
    source.close();
    tell({ ended: why(String((event as MessageEvent).data)) });
  });
  // A stream that is refused is not taken up again by the browser; one that broke is.
  source.addEventListener("error", () =>
    tell(source.readyState === EventSource.CLOSED ? { ended: "The server does not open a stream now. Load the page again to try once more." } : { broken: true }),
  );
  return () => source.close();
}
