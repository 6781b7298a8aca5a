// Sharing what somebody has, in the form she has it in. Nothing is stored before she saw who will see it: the button is
// dead until the dry run of these very bytes came back, and dead again when anything is changed.
import { useMemo, useState, type ChangeEvent, type DragEvent } from "react";
import { sentenceOf } from "../api/use_answer";
import { Failure } from "../ui/states";
import { LIST_KINDS, recognise, type ListKind } from "./recognise";
import { Readers, Rows } from "./result";
import { share, type Defaults, type SharedItems } from "./send";

const LONGEST = 64 * 1024 * 1024; // characters: what a browser holds without pain; longer files go by `tocsin submit`

interface Looked {
  text: string;
  defaults: Defaults;
  result: SharedItems;
  key: string;
}

function DefaultsForm({ list, defaults, onChange }: { list: boolean; defaults: Defaults; onChange: (to: Defaults) => void }) {
  const change = (name: keyof Defaults) => (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
    onChange({ ...defaults, [name]: event.target.value });
  return (
    <div className="filters">
      {list && (
        <label>
          Kind of each line
          <select value={defaults.list} onChange={change("list")}>
            {Object.keys(LIST_KINDS).map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </select>
        </label>
      )}
      <label>
        Marking of what has none
        <select value={defaults.tlp} onChange={change("tlp")}>
          <option value="">as its collection</option>
          {["clear", "green", "amber", "amber+strict", "red"].map((tlp) => (
            <option key={tlp} value={tlp}>{`TLP:${tlp.toUpperCase()}`}</option>
          ))}
        </select>
      </label>
      <label>
        Confidence of what says none
        <input type="number" min={0} max={100} value={defaults.confidence} onChange={change("confidence")} placeholder="percent" />
      </label>
    </div>
  );
}

export function Submit() {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Omit<Defaults, "list"> & { list?: ListKind }>({ tlp: "", confidence: "" });
  const [looked, setLooked] = useState<Looked | null>(null);
  const [done, setDone] = useState<SharedItems | null>(null);
  const [sentence, setSentence] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useMemo(() => recognise(text), [text]);
  const defaults: Defaults = { ...chosen, list: chosen.list ?? form?.list ?? "ip-range" };
  const isLooked = looked !== null && looked.text === text && JSON.stringify(looked.defaults) === JSON.stringify(defaults);
  const replace = (to: string) => {
    setText(to);
    setDone(null);
    setSentence(null);
  };
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > LONGEST) setSentence("The file is longer than 64 MiB. `tocsin submit FILE` takes it.");
    else replace(await file.text());
  };
  const ask = async (dryRun: boolean) => {
    if (!form) return;
    setBusy(true);
    setSentence(null);
    try {
      const key = dryRun || !looked ? crypto.randomUUID() : looked.key;
      const result = await share(text, form, defaults, dryRun, key);
      if (dryRun) setLooked({ text, defaults, result, key });
      else {
        setDone(result);
        setLooked(null);
      }
    } catch (error) {
      setSentence(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  };
  const storable = looked ? looked.result.accepted + (looked.result.waiting ?? 0) : 0;
  return (
    <>
      <h1>Submit</h1>
      <label htmlFor="pasted">Paste addresses, a table, STIX, an event of MISP or items as JSON, or drop a file</label>
      <textarea id="pasted" rows={12} spellCheck={false} value={text} onChange={(event) => replace(event.target.value)} onDrop={drop} onDragOver={(event) => event.preventDefault()} />
      <p>
        <input type="file" aria-label="A file" onChange={(event) => void take(event.target.files?.[0])} />
      </p>
      <p role="status">{form ? `Taken as ${form.name} of about ${form.rows.toLocaleString("en")}.` : "Nothing yet."}</p>
      {form && <DefaultsForm list={form.type === "text/plain"} defaults={defaults} onChange={setChosen} />}
      <div className="buttons">
        <button type="button" className={isLooked ? "plain" : ""} disabled={!form || busy} onClick={() => void ask(true)}>
          Look what would happen
        </button>
        <button type="button" disabled={!isLooked || busy || storable === 0} onClick={() => void ask(false)}>
          {storable > 0 && isLooked ? `Share ${storable.toLocaleString("en")}` : "Share"}
        </button>
      </div>
      {sentence && <Failure sentence={sentence} />}
      {isLooked && (
        <>
          <Readers readers={looked.result.readers ?? []} />
          <h2>What would happen</h2>
          <Rows result={looked.result} />
        </>
      )}
      {done && (
        <>
          <h2>What happened</h2>
          <Rows result={done} />
        </>
      )}
    </>
  );
}
