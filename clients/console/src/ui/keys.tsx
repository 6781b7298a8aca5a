// Keys that do something everywhere: `?` lists them. None works while something is being typed.
import { useEffect, useRef, useState } from "react";
import { addressOf, go } from "./route";

interface Shortcut {
  keys: string;
  does: string;
  to?: string;
}

export const SHORTCUTS: Shortcut[] = [
  { keys: "g o", does: "Go to the overview", to: addressOf(["overview"]) },
  { keys: "g i", does: "Go to indicators", to: addressOf(["indicators"]) },
  { keys: "g c", does: "Go to campaigns", to: addressOf(["campaigns"]) },
  { keys: "g s", does: "Go to submit", to: addressOf(["submit"]) },
  { keys: "g f", does: "Go to federation", to: addressOf(["federation"]) },
  { keys: "g r", does: "Go to recalls", to: addressOf(["recalls"]) },
  { keys: "g a", does: "Go to administration", to: addressOf(["administration"]) },
  { keys: "/", does: "Search" },
  { keys: "?", does: "Show these keys" },
  { keys: "Escape", does: "Close what is open" },
];

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function Keys() {
  const [open, setOpen] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    let before = "";
    const pressed = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") setOpen(true);
      if (event.key === "/") {
        const search = document.querySelector<HTMLInputElement>("input[type=search]");
        if (search) event.preventDefault();
        search?.focus();
      }
      const found = SHORTCUTS.find((one) => one.keys === `${before} ${event.key}`);
      if (found?.to) go(found.to);
      before = event.key;
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
  useEffect(() => {
    if (open) dialog.current?.showModal();
  }, [open]);
  if (!open) return null;
  return (
    <dialog ref={dialog} onClose={() => setOpen(false)} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl className="keys">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </p>
    </dialog>
  );
}
