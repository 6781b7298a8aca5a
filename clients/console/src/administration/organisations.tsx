// The members of this instance, and those who speak at a peer's.
import { useCallback, useState } from "react";
import { getJson, pathOf } from "../api/client";
import { useAnswer } from "../api/use_answer";
import { Confirmed } from "../ui/confirmed";
import { Answered, Empty, Failure } from "../ui/states";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { Tlp } from "../ui/tlp";
import { ADMIN, change, type Organisation } from "./api";
import { NewOrganisation } from "./new_organisation";
import { useSending } from "./sending";

const STANDINGS: Record<string, string> = { "": "as each collection has it", moderated: "always waits", trusted: "never waits" };

function Standing({ one, again }: { one: Organisation; again: () => void }) {
  const [standing, setStanding] = useState(one.standing);
  const { busy, sentence, send } = useSending();
  const set = () =>
    send(async () => {
      await change(["organisations", one.name, "standing"], { standing });
      again();
    });
  return (
    <div className="buttons">
      <select aria-label={`Whether what ${one.name} submits waits`} value={standing} onChange={(event) => setStanding(event.target.value)}>
        {Object.entries(STANDINGS).map(([code, words]) => (
          <option key={code} value={code}>
            {words}
          </option>
        ))}
      </select>
      {standing !== one.standing && (
        <button type="button" disabled={busy} onClick={() => void set()}>
          Set for {one.name}
        </button>
      )}
      {sentence !== null && <Failure sentence={sentence} />}
    </div>
  );
}

function Ability({ one, again }: { one: Organisation; again: () => void }) {
  const { busy, sentence, send } = useSending();
  const to = async (word: "enable" | "disable") => {
    await change(["organisations", one.name, word]);
    again();
  };
  if (!one.disabled)
    return (
      <Confirmed name={`Disable ${one.name}`} sure={`Disable ${one.name} now`} run={() => to("disable")}>
        <p>All credentials of {one.name} stop working with the next request. What it published stays, and it can be enabled again.</p>
      </Confirmed>
    );
  return (
    <>
      <button type="button" className="plain" disabled={busy} onClick={() => void send(() => to("enable"))}>
        Enable {one.name}
      </button>
      {sentence !== null && <Failure sentence={sentence} />}
    </>
  );
}

function Row({ one, again }: { one: Organisation; again: () => void }) {
  return (
    <tr className={one.disabled ? "refused" : ""}>
      <th scope="row">
        {one.name}
        {one.disabled && <span className="badge">disabled</span>}
        {one.origin !== undefined && <p className="hint">speaks at {one.origin}</p>}
      </th>
      <td>
        {one.type}
        {one.authority && ` (${one.authority})`}
      </td>
      <td>
        <Tlp level={one.clearance} />
      </td>
      <td>
        <Time at={one.created} />
      </td>
      <td>
        <Standing key={one.standing} one={one} again={again} />
      </td>
      <td>{one.origin === undefined ? <Ability one={one} again={again} /> : <span className="hint">as the peer: `tocsind peer` pauses, resumes and removes it</span>}</td>
    </tr>
  );
}

export function Organisations() {
  const ask = useCallback((signal: AbortSignal) => getJson<{ organisations: Organisation[] }>(pathOf([...ADMIN, "organisations"]), signal), []);
  const answer = useAnswer(ask);
  const again = answer.state === "loading" ? () => {} : answer.again;
  return (
    <section aria-labelledby="organisations">
      <h2 id="organisations">Organisations</h2>
      <Answered answer={answer}>
        {({ organisations }) =>
          organisations.length === 0 ? (
            <Empty>There is none yet. Add the first below.</Empty>
          ) : (
            <Table label="Organisations" head={["Organisation", "Type", "Clearance", "Since", "What it submits", "Access"]}>
              {organisations.map((one) => (
                <Row key={one.identity} one={one} again={again} />
              ))}
            </Table>
          )
        }
      </Answered>
      <NewOrganisation again={again} />
    </section>
  );
}
