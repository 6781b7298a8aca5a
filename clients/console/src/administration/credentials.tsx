// Tokens and certificates: whose, what each may do, whether it works, and ending one.
import { useCallback, useState } from "react";
import { getJson, pathOf } from "../api/client";
import type { ConsoleSession } from "../api/types";
import { useAnswer } from "../api/use_answer";
import { Confirmed } from "../ui/confirmed";
import { Answered, Empty } from "../ui/states";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { ADMIN, change, type Credential, type Organisation } from "./api";
import { limits, ordered, stateInWords } from "./credential_words";
import { NewCredential } from "./new_credential";

const SHOWN = 500;

function Revoke({ one, own, again }: { one: Credential; own: boolean; again: () => void }) {
  const run = async () => {
    await change(["credentials", one.id, "revoke"]);
    again();
  };
  return (
    <Confirmed name={`Revoke ${one.id}`} sure={`Revoke ${one.id} for good`} run={run}>
      <p>
        {one.organisation}, {one.label || "without a label"}: it stops working with the next request, and nothing brings it back.
        {own && " You are signed in with it: you will be signed out, and need another one to come back."}
      </p>
    </Confirmed>
  );
}

function Row({ one, own, again }: { one: Credential; own: boolean; again: () => void }) {
  return (
    <tr className={one.state === "active" || one.state === "invitation" ? "" : "refused"}>
      <th scope="row">
        <span className="value">{one.id}</span>
        {own && <span className="badge">yours</span>}
      </th>
      <td>
        {one.organisation}
        <p className="hint">{[one.label, one.person].filter((text) => text !== "").join(", ")}</p>
      </td>
      <td>
        {one.roles.join(", ")}
        {limits(one).map((limit) => (
          <p key={limit} className="hint">
            {limit}
          </p>
        ))}
      </td>
      <td>{stateInWords(one.state)}</td>
      <td>
        <Time at={one.created} />
      </td>
      <td>{one.expires === null ? "no end" : <Time at={one.expires} />}</td>
      <td>{one.revoked === null && <Revoke one={one} own={own} again={again} />}</td>
    </tr>
  );
}

function Found({ credentials, session, again }: { credentials: Credential[]; session: ConsoleSession; again: () => void }) {
  const [organisation, setOrganisation] = useState("");
  const names = [...new Set(credentials.map((one) => one.organisation))].sort();
  const found = ordered(credentials.filter((one) => organisation === "" || one.organisation === organisation));
  return (
    <>
      <div className="filters">
        <label>
          Of
          <select value={organisation} onChange={(event) => setOrganisation(event.target.value)}>
            <option value="">every organisation</option>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <p className="count" role="status">
        {found.length.toLocaleString("en")} credentials{found.length > SHOWN ? `, of which the first ${SHOWN} are shown: choose an organisation` : ""}
      </p>
      {found.length === 0 ? (
        <Empty>There is none. Make one below.</Empty>
      ) : (
        <Table label="Credentials" head={["Id", "Whose", "What it may do", "State", "Made", "Ends", "Revoke"]}>
          {found.slice(0, SHOWN).map((one) => (
            <Row key={one.id} one={one} own={one.id === session.credential.id} again={again} />
          ))}
        </Table>
      )}
    </>
  );
}

interface Both {
  credentials: Credential[];
  organisations: string[];
}

async function both(signal: AbortSignal): Promise<Both> {
  const [{ credentials }, { organisations }] = await Promise.all([
    getJson<{ credentials: Credential[] }>(pathOf([...ADMIN, "credentials"]), signal),
    getJson<{ organisations: Organisation[] }>(pathOf([...ADMIN, "organisations"]), signal),
  ]);
  return { credentials, organisations: organisations.filter((one) => !one.disabled && one.origin === undefined).map((one) => one.name) };
}

export function Credentials({ session }: { session: ConsoleSession }) {
  const answer = useAnswer(useCallback(both, []));
  const again = answer.state === "loading" ? () => {} : answer.again;
  return (
    <section aria-labelledby="credentials">
      <h2 id="credentials">Credentials</h2>
      <Answered answer={answer}>{({ credentials }) => <Found credentials={credentials} session={session} again={again} />}</Answered>
      {/* Outside of the answer: a token that is shown once stays when the list cannot be asked for again. */}
      <NewCredential organisations={answer.state === "answered" ? answer.value.organisations : []} again={again} />
    </section>
  );
}
