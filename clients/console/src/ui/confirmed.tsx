// A button for what is not undone lightly: the first press says what will happen, only the second does it. Focus goes to
// what is said, so that it is read before anything is pressed.
import { useEffect, useRef, useState, type ReactNode } from "react";
import { sentenceOf } from "../api/use_answer";
import { Failure } from "./states";

interface Props {
  name: string; // of the first button
  sure: string; // of the second
  run: () => Promise<void>;
  children: ReactNode; // what will happen
  disabled?: boolean;
}

export function Confirmed({ name, sure, run, children, disabled = false }: Props) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [sentence, setSentence] = useState<string | null>(null);
  const said = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) said.current?.focus();
  }, [open]);
  const go = async () => {
    setBusy(true);
    setSentence(null);
    try {
      await run();
      setOpen(false);
    } catch (error) {
      setSentence(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  if (!open)
    return (
      <button type="button" className="plain" disabled={disabled} onClick={() => setOpen(true)}>
        {name}
      </button>
    );
  return (
    <div ref={said} className="confirm" role="group" aria-label={name} tabIndex={-1}>
      {children}
      {sentence !== null && <Failure sentence={sentence} />}
      <div className="buttons">
        <button type="button" disabled={busy} onClick={() => void go()}>
          {sure}
        </button>
        <button type="button" className="plain" disabled={busy} onClick={() => setOpen(false)}>
          Leave it as it is
        </button>
      </div>
    </div>
  );
}
