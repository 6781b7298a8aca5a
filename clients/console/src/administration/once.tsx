// A secret that is shown once. It is in this page's memory and nowhere else: not in its address, not in the browser's
// storage, and gone when it was put away.
import { useEffect, useRef, useState } from "react";

export interface Shown {
  secret: string;
  says: string; // what it is, and for whom
  remarks: string[];
}

export function Once({ shown, onPutAway }: { shown: Shown; onPutAway: () => void }) {
  const [copied, setCopied] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const copy = () => {
    const failed = () => setCopied("The browser does not let the page copy. Select it and copy it yourself.");
    if (!navigator.clipboard) failed();
    else navigator.clipboard.writeText(shown.secret).then(() => setCopied("Copied."), failed);
  };
  return (
    <section className="confirm" aria-labelledby="once">
      <h3 id="once" ref={heading} tabIndex={-1}>
        {shown.says}
      </h3>
      <p>It is shown this once, and stored nowhere. Whoever has it is taken for its organisation: hand it over by a way that nobody else reads.</p>
      <pre>
        <code>{shown.secret}</code>
      </pre>
      {shown.remarks.map((remark) => (
        <p key={remark}>{remark}</p>
      ))}
      <div className="buttons">
        <button type="button" onClick={copy}>
          Copy
        </button>
        <button type="button" className="plain" onClick={onPutAway}>
          I have it; forget it here
        </button>
      </div>
      <p role="status">{copied ?? ""}</p>
    </section>
  );
}
