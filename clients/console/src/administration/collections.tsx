// The collections of the instance: what has no marking is of which level, and whose submissions wait.
import { useCallback, useState } from "react";
import { getJson, pathOf } from "../api/client";
import { useAnswer } from "../api/use_answer";
import { Answered, Empty, Failure } from "../ui/states";
import { Table } from "../ui/table";
import { Tlp } from "../ui/tlp";
import { ADMIN, change } from "./api";
import { NewCollection } from "./new_collection";
import { useSending } from "./sending";

interface Collection {
  id: string;
  alias: string;
  title: string;
  description: string;
  default_tlp: string;
  moderation: string;
}

const WAITS: Record<string, string> = {
  off: "off: nobody's",
  new: "new: of who has published nothing in it yet",
  chosen: "chosen: of moderated organisations",
  all: "all: everybody's but of the trusted",
};

function Moderation({ one, again }: { one: Collection; again: () => void }) {
  const [moderation, setModeration] = useState(one.moderation);
  const { busy, sentence, send } = useSending();
  const set = () =>
    send(async () => {
      await change(["collections", one.id, "moderation"], { moderation });
      again();
    });
  return (
    <div className="buttons">
      <select aria-label={`Whose submissions to ${one.title} wait`} value={moderation} onChange={(event) => setModeration(event.target.value)}>
        {Object.entries(WAITS).map(([code, says]) => (
          <option key={code} value={code}>
            {says}
          </option>
        ))}
      </select>
      {moderation !== one.moderation && (
        <button type="button" disabled={busy} onClick={() => void set()}>
          Set for {one.title}
        </button>
      )}
      {sentence !== null && <Failure sentence={sentence} />}
    </div>
  );
}

export function Collections() {
  const ask = useCallback((signal: AbortSignal) => getJson<{ collections: Collection[] }>(pathOf([...ADMIN, "collections"]), signal), []);
  const answer = useAnswer(ask);
  const again = answer.state === "loading" ? () => {} : answer.again;
  return (
    <section aria-labelledby="collections">
      <h2 id="collections">Collections</h2>
      <p>Who waits is looked at by an analyst of the organisation that runs the instance. A change holds from the next request on; what waits already goes on waiting.</p>
      <Answered answer={answer}>
        {({ collections }) =>
          collections.length === 0 ? (
            <Empty>There is none yet. Add the first below.</Empty>
          ) : (
            <Table label="Collections" head={["Collection", "Alias", "What has no marking is", "Whose submissions wait"]}>
              {collections.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    {one.title}
                    <p className="hint">{one.description}</p>
                  </th>
                  <td>{one.alias}</td>
                  <td>
                    <Tlp level={one.default_tlp} />
                  </td>
                  <td>
                    <Moderation key={one.moderation} one={one} again={again} />
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Answered>
      <NewCollection again={again} />
    </section>
  );
}
