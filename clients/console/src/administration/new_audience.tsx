// Adding an audience: of organisations, or of authorities of governments. Its first members need no second administrator.
import { useState, type FormEvent } from "react";
import { Failure } from "../ui/states";
import { change, words } from "./api";
import { useSending } from "./sending";

export function NewAudience({ organisations, again }: { organisations: string[]; again: () => void }) {
  const [name, setName] = useState("");
  const [members, setMembers] = useState<string[]>([]);
  const [authorities, setAuthorities] = useState("");
  const { busy, sentence, send } = useSending();
  const ofGovernments = words(authorities).length > 0;
  const add = (event: FormEvent) => {
    event.preventDefault();
    void send(async () => {
      await change(["audiences"], ofGovernments ? { name, releasable_to: words(authorities) } : { name, members });
      setName("");
      setMembers([]);
      setAuthorities("");
      again();
    });
  };
  return (
    <form className="key-form" onSubmit={add} aria-label="Add an audience">
      <h3>Add an audience</h3>
      <label>
        Name
        <input required autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <label>
        Codes of authorities, for an audience of governments
        <input autoComplete="off" value={authorities} onChange={(event) => setAuthorities(event.target.value)} placeholder="XA" />
      </label>
      {!ofGovernments && (
        <fieldset>
          <legend>First members</legend>
          {organisations.map((one) => (
            <label key={one} className="choice">
              <input
                type="checkbox"
                checked={members.includes(one)}
                onChange={(event) => setMembers(event.target.checked ? [...members, one] : members.filter((member) => member !== one))}
              />
              <span>{one}</span>
            </label>
          ))}
        </fieldset>
      )}
      <button type="submit" disabled={busy || (!ofGovernments && members.length === 0)}>
        Add
      </button>
      {sentence !== null && <Failure sentence={sentence} />}
    </form>
  );
}
