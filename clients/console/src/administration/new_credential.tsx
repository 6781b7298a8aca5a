// Making a credential: an invitation, a token that is shown once, or a client certificate that is let in.
import { useState, type FormEvent } from "react";
import { Failure } from "../ui/states";
import { change, LEVELS } from "./api";
import { bodyOf, FORMS, mistake, ROLES, type Fields, type Form } from "./credential_words";
import { Once, type Shown } from "./once";
import { useSending } from "./sending";

const NOTHING: Fields = { organisation: "", roles: [], label: "", person: "", expires: "", max_tlp: "", networks: "", collections: "", kinds: "", certificate: "" };

interface Made {
  token?: string;
  invitation?: string;
  until?: string;
  id?: string;
  remarks?: string[];
}

type Part = { fields: Fields; onChange: (to: Fields) => void };

function Text({ name, title, fields, onChange, hint }: Part & { name: Exclude<keyof Fields, "roles">; title: string; hint?: string }) {
  return (
    <label>
      {title}
      <input autoComplete="off" spellCheck={false} value={fields[name]} placeholder={hint} onChange={(event) => onChange({ ...fields, [name]: event.target.value })} />
    </label>
  );
}

function Roles({ fields, onChange }: Part) {
  const toggle = (role: string, on: boolean) => onChange({ ...fields, roles: on ? [...fields.roles, role] : fields.roles.filter((one) => one !== role) });
  return (
    <fieldset>
      <legend>Roles</legend>
      {Object.entries(ROLES).map(([role, says]) => (
        <label key={role} className="choice">
          <input type="checkbox" checked={fields.roles.includes(role)} onChange={(event) => toggle(role, event.target.checked)} />
          <span>
            <strong>{role}</strong>: {says}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Limits({ fields, onChange }: Part) {
  const part = { fields, onChange };
  return (
    <details>
      <summary>Limits: until when, from where, of what</summary>
      <div className="key-form">
        <label>
          Last day that it works (UTC)
          <input type="date" value={fields.expires} onChange={(event) => onChange({ ...fields, expires: event.target.value })} />
        </label>
        <label>
          Highest level that it is shown
          <select value={fields.max_tlp} onChange={(event) => onChange({ ...fields, max_tlp: event.target.value })}>
            <option value="">as its organisation</option>
            {LEVELS.map((level) => (
              <option key={level} value={level}>{`TLP:${level.toUpperCase()}`}</option>
            ))}
          </select>
        </label>
        <Text {...part} name="networks" title="Networks that it may be used from (none: anywhere)" hint="203.0.113.0/24, 2001:db8::/32" />
        <Text {...part} name="collections" title="Collections, by id or alias (none: all)" />
        <Text {...part} name="kinds" title="Kinds of indicators, or types of objects (none: all)" hint="ip-range, proxy-asn" />
      </div>
    </details>
  );
}

function FormOf({ form, onChange }: { form: Form; onChange: (to: Form) => void }) {
  return (
    <label>
      What to make
      <select value={form} onChange={(event) => onChange(event.target.value as Form)}>
        {Object.entries(FORMS).map(([code, says]) => (
          <option key={code} value={code}>
            {says}
          </option>
        ))}
      </select>
    </label>
  );
}

function shownOf(made: Made, organisation: string): Shown | null {
  const remarks = made.remarks ?? [];
  if (made.invitation) return { secret: made.invitation, says: `An invitation for ${organisation}, until ${made.until ?? "tomorrow"}: \`tocsin login\` takes it`, remarks };
  return made.token ? { secret: made.token, says: `The new token of ${organisation}`, remarks } : null;
}

export function NewCredential({ organisations, again }: { organisations: string[]; again: () => void }) {
  const [fields, setFields] = useState(NOTHING);
  const [form, setForm] = useState<Form>("invitation");
  const [wrong, setWrong] = useState<string | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [letIn, setLetIn] = useState<string | null>(null);
  const { busy, sentence, send } = useSending();
  const make = (event: FormEvent) => {
    event.preventDefault();
    const found = mistake(fields, form);
    setWrong(found);
    setLetIn(null);
    if (found !== null) return;
    void send(async () => {
      const made = await change<Made>([form === "invitation" ? "invitations" : "credentials"], bodyOf(fields, form));
      setShown(shownOf(made, fields.organisation));
      if (made.id) setLetIn([`Whoever shows that certificate is let in as ${fields.organisation} (${made.id}).`, ...(made.remarks ?? [])].join(" "));
      setFields(NOTHING);
      again();
    });
  };
  if (shown !== null) return <Once shown={shown} onPutAway={() => setShown(null)} />;
  const part = { fields, onChange: setFields };
  return (
    <form className="key-form" onSubmit={make} aria-label="Make a credential">
      <h3>Make a credential</h3>
      <label>
        Organisation
        <select value={fields.organisation} onChange={(event) => setFields({ ...fields, organisation: event.target.value })}>
          <option value="">choose one</option>
          {organisations.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <FormOf form={form} onChange={setForm} />
      {form === "certificate" && <Text {...part} name="certificate" title="What the certificate carries" hint="pin:…, URI:… or DNS:…" />}
      <Roles {...part} />
      <Text {...part} name="label" title="What it is for" hint="firewall in Oslo" />
      <Text {...part} name="person" title="Whose it is, the same for all credentials of one person" hint="ada" />
      <Limits {...part} />
      <button type="submit" disabled={busy}>
        Make it
      </button>
      {letIn !== null && <p role="status">{letIn}</p>}
      {(wrong ?? sentence) !== null && <Failure sentence={wrong ?? sentence ?? ""} />}
    </form>
  );
}
