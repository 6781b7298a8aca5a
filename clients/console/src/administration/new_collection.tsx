// Adding a collection. It stays: nothing removes one.
import { useState, type FormEvent } from "react";
import { Failure } from "../ui/states";
import { change, LEVELS, withoutEmpty } from "./api";
import { useSending } from "./sending";

const NOTHING = { title: "", alias: "", description: "", default_tlp: "green" };

export function NewCollection({ again }: { again: () => void }) {
  const [fields, setFields] = useState(NOTHING);
  const { busy, sentence, send } = useSending();
  const add = (event: FormEvent) => {
    event.preventDefault();
    void send(async () => {
      await change(["collections"], withoutEmpty(fields));
      setFields(NOTHING);
      again();
    });
  };
  return (
    <form className="key-form" onSubmit={add} aria-label="Add a collection">
      <h3>Add a collection</h3>
      <label>
        Title
        <input required autoComplete="off" maxLength={100} value={fields.title} onChange={(event) => setFields({ ...fields, title: event.target.value })} />
      </label>
      <label>
        Alias (none: the title in lower case, with dashes)
        <input autoComplete="off" value={fields.alias} onChange={(event) => setFields({ ...fields, alias: event.target.value })} />
      </label>
      <label>
        What it is for
        <input autoComplete="off" value={fields.description} onChange={(event) => setFields({ ...fields, description: event.target.value })} />
      </label>
      <label>
        Level of what has no marking
        <select value={fields.default_tlp} onChange={(event) => setFields({ ...fields, default_tlp: event.target.value })}>
          {LEVELS.map((level) => (
            <option key={level} value={level}>{`TLP:${level.toUpperCase()}`}</option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={busy}>
        Add
      </button>
      {sentence !== null && <Failure sentence={sentence} />}
    </form>
  );
}
