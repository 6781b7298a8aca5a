// The administration: its parts for the roles that somebody has, and what is done on the server.
import type { ReactNode } from "react";
import type { ConsoleSession } from "../api/types";
import { Link } from "../ui/link";
import { addressOf, type Route } from "../ui/route";
import { Empty } from "../ui/states";
import { AllowLists } from "./allow_lists";
import { Audiences } from "./audiences";
import { Audit } from "./audit";
import { Collections } from "./collections";
import { Commands } from "./commands";
import { Credentials } from "./credentials";
import { Feeds } from "./feeds";
import { Organisations } from "./organisations";
import { Readers } from "./readers";
import { sectionsOf, type Section } from "./sections";

function shown(name: Section["name"], session: ConsoleSession): ReactNode {
  switch (name) {
    case "organisations":
      return <Organisations />;
    case "credentials":
      return <Credentials session={session} />;
    case "audiences":
      return <Audiences />;
    case "collections":
      return <Collections />;
    case "allow-lists":
      return <AllowLists />;
    case "audit":
      return <Audit />;
    case "feeds":
      return <Feeds />;
    case "readers":
      return <Readers />;
  }
}

export function Administration({ route, session }: { route: Route; session: ConsoleSession }) {
  const sections = sectionsOf(session.roles);
  const name = route.path[1] ?? sections[0]?.name;
  const section = sections.find((one) => one.name === name);
  return (
    <>
      <h1>Administration</h1>
      {sections.length === 0 && <Empty>Nothing of it is for your roles ({session.roles.join(", ")}). An administrator gives others, with another credential.</Empty>}
      {sections.length > 0 && (
        <nav className="parts" aria-label="Parts of the administration">
          {[...sections, { name: "commands", title: "On the server" }].map((one) => (
            <Link key={one.name} to={addressOf(["administration", one.name])} current={one.name === name}>
              {one.title}
            </Link>
          ))}
        </nav>
      )}
      {section && shown(section.name, session)}
      {!section && sections.length > 0 && (name === "commands" ? <Commands /> : <Empty>There is no such part, or it is not for your roles. The links above lead to those that are.</Empty>)}
    </>
  );
}
