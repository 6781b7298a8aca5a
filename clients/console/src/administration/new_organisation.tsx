// Adding an organisation. It can do nothing until it has a credential.
import { useState, type FormEvent } from "react";
import { Failure } from "../ui/states";
import { change, LEVELS, withoutEmpty, type Organisation } from "./api";
import { useSending } from "./sending";

const NOTHING = { name: "", type: "lab", clearance: "amber", authority: "" };
const TYPES = ["lab", "cloud", "government", "other"];

export function NewOrganisation({ again }: { again: () => void }) {
  const [fields, setFields] = useState(NOTHING);
  const [made, setMade] = useState<string | null>(null);
  const { busy, sentence, send } = useSending();
  const add = (event: FormEvent) => {
    event.preventDefault();
    setMade(null);
    const { authority, ...rest } = fields;
    void send(async () => {
      const one = await change<Organisation>(["organisations"], withoutEmpty(fields.type === "government" ? { ...rest, authority } : rest));
      setMade(one.name);
      setFields(NOTHING);
      again();
    });
  };
  return (
    <form className="key-form" onSubmit={add} aria-label="Add an organisation">
      <h3>Add an organisation</h3>
      <label>
        Name
        <input required autoComplete="off" maxLength={100} value={fields.name} onChange={(event) => setFields({ ...fields, name: event.target.value })} />
      </label>
      <label>
        Type
        <select value={fields.type} onChange={(event) => setFields({ ...fields, type: event.target.value })}>
          {TYPES.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      </label>
      <label>
        Clearance: the highest level that it is shown
        <select value={fields.clearance} onChange={(event) => setFields({ ...fields, clearance: event.target.value })}>
          {LEVELS.map((level) => (
            <option key={level} value={level}>{`TLP:${level.toUpperCase()}`}</option>
          ))}
        </select>
      </label>
      {fields.type === "government" && (
        <label>
          Code of its authority, if it has one
          <input autoComplete="off" value={fields.authority} onChange={(event) => setFields({ ...fields, authority: event.target.value })} />
        </label>
      )}
      <button type="submit" disabled={busy}>
        Add
      </button>
      {made !== null && <p role="status">{made} was added. It can do nothing until it has a credential.</p>}
      {sentence !== null && <Failure sentence={sentence} />}
    </form>
  );
}
