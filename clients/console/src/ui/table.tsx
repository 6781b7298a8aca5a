// A table that scrolls by itself where it is wider than the window, also by keyboard.
import type { ReactNode } from "react";

interface Props {
  label: string; // what a screen reader says it is
  head: readonly string[];
  children: ReactNode;
}

export function Table({ label, head, children }: Props) {
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="wide">
        <thead>
          <tr>
            {head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
