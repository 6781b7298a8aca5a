// Which page of recalls an address is.
import type { ConsoleSession } from "../api/types";
import type { Route } from "../ui/route";
import { Recalls } from "./list";
import { RecallPage } from "./page";
import { StartRecall } from "./start";

export function RecallRoute({ route, session }: { route: Route; session: ConsoleSession }) {
  const number = route.path[1];
  if (number === undefined) return <Recalls />;
  if (number === "new") return <StartRecall id={route.query.get("id") ?? ""} session={session} />;
  return <RecallPage key={number} number={number} />;
}
