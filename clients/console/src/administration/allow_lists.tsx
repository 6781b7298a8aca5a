// Lists of what indicators are warned of that hit it. The server tells their names and lengths, never their entries.
import { useCallback, useState, type FormEvent } from "react";
import { getJson, pathOf } from "../api/client";
import { useAnswer } from "../api/use_answer";
import { Confirmed } from "../ui/confirmed";
import { Answered, Empty, Failure } from "../ui/states";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { ADMIN, change } from "./api";
import { useSending } from "./sending";

interface AllowList {
  name: string;
  kind: string;
  entries: number;
  changed: string;
}

const KINDS: Record<string, string> = {
  ranges: "networks, addresses and AS numbers",
  domains: "names that many use",
  mail: "domains where anybody has mail",
  organisations: "names of organisations",
  prompts: "prompts of five words or more",
};

export function linesOf(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
}

function Change({ again }: { again: () => void }) {
  const [fields, setFields] = useState({ name: "", kind: "", entries: "", way: "add" });
  const [done, setDone] = useState<string | null>(null);
  const { busy, sentence, send } = useSending();
  const entries = linesOf(fields.entries);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDone(null);
    void send(async () => {
      const { name, kind, way } = fields;
      const { added, removed } = await change<{ added: number; removed: number }>(
        way === "remove" ? ["allow-lists", "remove"] : ["allow-lists"],
        way === "remove" || kind === "" ? { name, entries } : { name, kind, entries },
      );
      setDone(`${name}: ${added.toLocaleString("en")} added, ${removed.toLocaleString("en")} removed. In force for the next submission.`);
      setFields({ ...fields, entries: "" });
      again();
    });
  };
  return (
    <form className="key-form" onSubmit={submit} aria-label="Change a list">
      <h3>Change a list</h3>
      <label>
        Name of the list; a new one is made
        <input required autoComplete="off" pattern="[A-Za-z0-9._\-]{1,60}" value={fields.name} onChange={(event) => setFields({ ...fields, name: event.target.value })} />
      </label>
      <label>
        What to do
        <select value={fields.way} onChange={(event) => setFields({ ...fields, way: event.target.value })}>
          <option value="add">add entries</option>
          <option value="remove">remove entries</option>
        </select>
      </label>
      {fields.way === "add" && (
        <label>
          Kind
          <select value={fields.kind} onChange={(event) => setFields({ ...fields, kind: event.target.value })}>
            <option value="">as the list has it; of a new one: ranges</option>
            {Object.entries(KINDS).map(([kind, says]) => (
              <option key={kind} value={kind}>{`${kind}: ${says}`}</option>
            ))}
          </select>
        </label>
      )}
      <label>
        Entries, a line each
        <textarea rows={6} spellCheck={false} value={fields.entries} onChange={(event) => setFields({ ...fields, entries: event.target.value })} />
      </label>
      <button type="submit" disabled={busy || entries.length === 0}>
        {fields.way === "remove" ? "Remove" : "Add"} {entries.length.toLocaleString("en")} entries
      </button>
      {done !== null && <p role="status">{done}</p>}
      {sentence !== null && <Failure sentence={sentence} />}
    </form>
  );
}

function Row({ one, again }: { one: AllowList; again: () => void }) {
  const remove = async () => {
    await change(["allow-lists", "remove"], { name: one.name });
    again();
  };
  return (
    <tr>
      <th scope="row">{one.name}</th>
      <td>
        {one.kind} <span className="hint">{KINDS[one.kind] ?? ""}</span>
      </td>
      <td>{one.entries.toLocaleString("en")}</td>
      <td>
        <Time at={one.changed} />
      </td>
      <td>
        <Confirmed name={`Remove the list ${one.name}`} sure={`Remove ${one.entries.toLocaleString("en")} entries of ${one.name}`} run={remove}>
          <p>From the next submission on nothing is warned of for hitting it. Its entries are told to nobody, so keep a file of them if it may come back.</p>
        </Confirmed>
      </td>
    </tr>
  );
}

export function AllowLists() {
  const ask = useCallback((signal: AbortSignal) => getJson<{ allow_lists: AllowList[]; most: number }>(pathOf([...ADMIN, "allow-lists"]), signal), []);
  const answer = useAnswer(ask);
  const again = answer.state === "loading" ? () => {} : answer.again;
  return (
    <section aria-labelledby="allow-lists">
      <h2 id="allow-lists">Allow lists</h2>
      <p>An indicator that hits one is warned of when it is submitted. A whole file is taken by `tocsind allow import`; entries are not told again.</p>
      <Answered answer={answer}>
        {({ allow_lists: lists, most }) => (
          <>
            <p className="count">
              {lists.reduce((sum, one) => sum + one.entries, 0).toLocaleString("en")} of {most.toLocaleString("en")} entries
            </p>
            {lists.length === 0 ? (
              <Empty>There is none: nothing is warned of for being somebody's whom all know. Make one below.</Empty>
            ) : (
              <Table label="Allow lists" head={["List", "Kind", "Entries", "Changed", "Remove"]}>
                {lists.map((one) => (
                  <Row key={one.name} one={one} again={again} />
                ))}
              </Table>
            )}
          </>
        )}
      </Answered>
      <Change again={again} />
    </section>
  );
}
