// How many organisations may have read an object of one's own. They are counted, and named to nobody.
import { useCallback, useState, type FormEvent } from "react";
import { getJson, pathOf } from "../api/client";
import { useAnswer } from "../api/use_answer";
import { Answered, Empty, Failure } from "../ui/states";
import { useSending } from "./sending";

interface Count {
  organisations: number;
  complete: boolean;
}

export function inWords({ organisations, complete }: Count): string {
  const least = complete ? "" : " More may have: the audit trail has a gap since it was published.";
  if (organisations === 0) return `No other organisation was sent it.${least}`;
  return `${organisations} other organisation${organisations === 1 ? "" : "s"} may have read it: an answer that may have held it was sent there, and it is shown there now.${least}`;
}

function Form({ collections }: { collections: { id: string; title: string }[] }) {
  const [collection, setCollection] = useState(collections[0]?.id ?? "");
  const [object, setObject] = useState("");
  const [said, setSaid] = useState<string | null>(null);
  const { busy, sentence, send } = useSending();
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setSaid(null);
    void send(async () => setSaid(inWords(await getJson<Count>(pathOf(["api", "v1", "collections", collection, "objects", object.trim(), "readers"])))));
  };
  if (collections.length === 0) return <Empty>You are shown no collection.</Empty>;
  return (
    <form className="key-form" onSubmit={ask} aria-label="Count readers">
      <label>
        Collection
        <select value={collection} onChange={(event) => setCollection(event.target.value)}>
          {collections.map((one) => (
            <option key={one.id} value={one.id}>
              {one.title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Object
        <input required autoComplete="off" spellCheck={false} value={object} onChange={(event) => setObject(event.target.value)} placeholder="indicator--…" />
      </label>
      <button type="submit" disabled={busy}>
        Count its readers
      </button>
      {said !== null && <p role="status">{said}</p>}
      {sentence !== null && <Failure sentence={sentence} />}
    </form>
  );
}

export function Readers() {
  const ask = useCallback((signal: AbortSignal) => getJson<{ collections: { id: string; title: string }[] }>("/api/v1/me", signal), []);
  return (
    <section aria-labelledby="readers">
      <h2 id="readers">Readers</h2>
      <p>How many organisations may have read an object that yours asserted. They are counted and not named; what people did with it there is not known.</p>
      <Answered answer={useAnswer(ask)}>{({ collections }) => <Form collections={collections} />}</Answered>
    </section>
  );
}
