// Who is named by a marking, since which change of the membership, and who is proposed. A member comes by two
// administrators and goes by one.
import { useCallback, useState } from "react";
import { getJson, pathOf } from "../api/client";
import { useAnswer } from "../api/use_answer";
import { Confirmed } from "../ui/confirmed";
import { Answered, Empty, Failure } from "../ui/states";
import { Time } from "../ui/time";
import { ADMIN, change, type Organisation } from "./api";
import { NewAudience } from "./new_audience";
import { useSending } from "./sending";

export interface Audience {
  name: string;
  marking: string;
  epoch: number;
  members: string[];
  releasable_to: string[];
  proposals: { id: string; organisation: string; proposed: string }[];
}

type Part = { audience: Audience; again: () => void };

function Members({ audience, again }: Part) {
  const remove = async (organisation: string) => {
    await change(["audiences", audience.name, "remove"], { organisation });
    again();
  };
  return (
    <ul className="members">
      {audience.members.map((name) => (
        <li key={name}>
          {name}{" "}
          <Confirmed name={`Remove ${name} from ${audience.name}`} sure={`Remove ${name} now`} run={() => remove(name)}>
            <p>
              From the next request on {name} sees nothing that names {audience.name} but its own. To come back it needs two administrators, and sees then what comes
              from then on.
            </p>
          </Confirmed>
        </li>
      ))}
    </ul>
  );
}

function Proposals({ audience, again }: Part) {
  const approve = async (id: string) => {
    await change(["audience-proposals", id, "approve"]);
    again();
  };
  if (audience.proposals.length === 0) return null;
  return (
    <>
      <h4>Proposed</h4>
      <ul className="members">
        {audience.proposals.map((one) => (
          <li key={one.id}>
            {one.organisation}, proposed <Time at={one.proposed} />; it lapses 72 hours later.{" "}
            <Confirmed name={`Approve ${one.organisation} for ${audience.name}`} sure={`Approve ${one.organisation}`} run={() => approve(one.id)}>
              <p>
                {one.organisation} will see what names {audience.name} and comes from then on. Another administrator than the one who proposed it approves it, with a
                credential that was there before.
              </p>
            </Confirmed>
          </li>
        ))}
      </ul>
    </>
  );
}

function Propose({ audience, again, organisations }: Part & { organisations: string[] }) {
  const [organisation, setOrganisation] = useState("");
  const { busy, sentence, send } = useSending();
  const propose = () =>
    send(async () => {
      await change(["audiences", audience.name, "members"], { organisation });
      setOrganisation("");
      again();
    });
  const others = organisations.filter((name) => !audience.members.includes(name));
  return (
    <>
      <div className="buttons">
        <label>
          Propose for {audience.name}
          <select value={organisation} onChange={(event) => setOrganisation(event.target.value)}>
            <option value="">choose one</option>
            {others.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <button type="button" disabled={busy || organisation === ""} onClick={() => void propose()}>
          Propose
        </button>
      </div>
      {sentence !== null && <Failure sentence={sentence} />}
    </>
  );
}

function One({ organisations, ...part }: Part & { organisations: string[] }) {
  const { audience } = part;
  return (
    <article className="said">
      <h3>
        {audience.name} <span className="badge">epoch {audience.epoch}</span>
      </h3>
      <p className="hint value">{audience.marking}</p>
      {audience.releasable_to.length > 0 ? (
        <p>Of governments, only those of {audience.releasable_to.join(", ")} see what names it. Nobody else is concerned.</p>
      ) : (
        <>
          {audience.members.length === 0 ? <Empty>Nobody belongs to it. Propose the first below.</Empty> : <Members {...part} />}
          <Proposals {...part} />
          <Propose {...part} organisations={organisations} />
        </>
      )}
    </article>
  );
}

async function both(signal: AbortSignal) {
  const [{ audiences }, { organisations }] = await Promise.all([
    getJson<{ audiences: Audience[] }>(pathOf([...ADMIN, "audiences"]), signal),
    getJson<{ organisations: Organisation[] }>(pathOf([...ADMIN, "organisations"]), signal),
  ]);
  return { audiences, organisations: organisations.map((one) => one.name) };
}

export function Audiences() {
  const answer = useAnswer(useCallback(both, []));
  const again = answer.state === "loading" ? () => {} : answer.again;
  return (
    <section aria-labelledby="audiences">
      <h2 id="audiences">Audiences</h2>
      <p>An audience is a marking that names organisations, or authorities. Its epoch counts the changes of its membership: what is said at one epoch is not shown to who comes later.</p>
      <Answered answer={answer}>
        {({ audiences, organisations }) => (
          <>
            {audiences.length === 0 && <Empty>There is none yet. Add the first below.</Empty>}
            {audiences.map((audience) => (
              <One key={audience.marking} audience={audience} organisations={organisations} again={again} />
            ))}
            <NewAudience organisations={organisations} again={again} />
          </>
        )}
      </Answered>
    </section>
  );
}
