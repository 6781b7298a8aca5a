// The console: who is signed in, where the page is, and what is shown there.
import { useEffect, useState } from "react";
import { Administration } from "./administration/route";
import { onSessionEnded, signOut, whoIsSignedIn } from "./api/client";
import type { ConsoleSession } from "./api/types";
import { sentenceOf } from "./api/use_answer";
import { BriefPage } from "./brief/page";
import { Campaigns } from "./campaigns/list";
import { CampaignPage } from "./campaigns/page";
import { Federation } from "./federation/page";
import { IndicatorPage } from "./indicators/page";
import { Search } from "./indicators/search";
import { Why } from "./indicators/why";
import { Overview } from "./overview/page";
import { RecallRoute } from "./recalls/route";
import { SignIn } from "./session/sign_in";
import { Submit } from "./submit/page";
import { Keys } from "./ui/keys";
import { Link } from "./ui/link";
import { addressOf, useRoute, type Route } from "./ui/route";
import { useSettings, type Theme } from "./ui/settings";
import { Empty, Failure } from "./ui/states";

const PAGES = [
  { name: "overview", title: "Overview" },
  { name: "indicators", title: "Indicators" },
  { name: "campaigns", title: "Campaigns" },
  { name: "submit", title: "Submit" },
  { name: "federation", title: "Federation" },
  { name: "recalls", title: "Recalls" },
  { name: "administration", title: "Administration" },
];

function Page({ route, session }: { route: Route; session: ConsoleSession }) {
  const [name = "overview", id] = route.path;
  if (name === "overview") return <Overview session={session} />;
  if (name === "indicators" && id === "why") return <Why route={route} />;
  if (name === "indicators") return id === undefined ? <Search route={route} /> : <IndicatorPage id={id} session={session} />;
  if (name === "campaigns" && id === "brief") return <BriefPage route={route} session={session} />;
  if (name === "campaigns") return id === undefined ? <Campaigns /> : <CampaignPage id={id} />;
  if (name === "submit") return <Submit />;
  if (name === "federation") return <Federation session={session} />;
  if (name === "administration") return <Administration route={route} session={session} />;
  if (name === "recalls") return <RecallRoute route={route} session={session} />;
  return <Empty>There is no such page. The links above lead to those that there are.</Empty>;
}

function Choices() {
  const { theme, zone, setTheme, setZone } = useSettings();
  return (
    <div className="choices">
      <label>
        Colours
        <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
          <option value="system">as the system</option>
          <option value="light">light</option>
          <option value="dark">dark</option>
        </select>
      </label>
      <label>
        Times
        <select value={zone} onChange={(event) => setZone(event.target.value === "local" ? "local" : "utc")}>
          <option value="utc">UTC</option>
          <option value="local">local</option>
        </select>
      </label>
    </div>
  );
}

function Header({ session, page, onSignOut }: { session: ConsoleSession; page: string; onSignOut: () => void }) {
  return (
    <header>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <span className="brand">Tocsin</span>
      <nav aria-label="Pages">
        {PAGES.map(({ name, title }) => (
          <Link key={name} to={addressOf([name])} current={page === name}>
            {title}
          </Link>
        ))}
      </nav>
      <Choices />
      <span className="who" title={`Credential ${session.credential.label || session.credential.id}`}>
        {session.organisation} ({session.roles.join(", ")})
      </span>
      <button type="button" className="plain" onClick={onSignOut}>
        Sign out
      </button>
    </header>
  );
}

export function App() {
  const route = useRoute();
  const [session, setSession] = useState<ConsoleSession | null | undefined>(undefined);
  const [ended, setEnded] = useState(false);
  const [sentence, setSentence] = useState<string | null>(null);
  useEffect(() => {
    onSessionEnded(() => {
      setSession(null);
      setEnded(true);
    });
    whoIsSignedIn().then(setSession, (error: unknown) => setSentence(sentenceOf(error)));
  }, []);
  if (sentence !== null) return <Failure sentence={sentence} again={() => window.location.reload()} />;
  if (session === undefined) return <p role="status">Asking the server…</p>;
  if (session === null)
    return (
      <SignIn
        ended={ended}
        onSignedIn={(one) => {
          setEnded(false);
          setSession(one);
        }}
      />
    );
  // Whoever was told that she is signed out is: until the server has said so, the page stays.
  const leave = () => {
    signOut().then(
      () => setSession(null),
      (error: unknown) => setSentence(sentenceOf(error)),
    );
  };
  return (
    <>
      <Header session={session} page={route.path[0] ?? "overview"} onSignOut={leave} />
      <main id="content" tabIndex={-1}>
        <Page route={route} session={session} />
      </main>
      <Keys />
    </>
  );
}
