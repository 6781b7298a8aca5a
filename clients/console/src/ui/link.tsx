// A link within the console: the browser's own behaviour for new tabs and windows, no reload for a plain click.
import type { MouseEvent, ReactNode } from "react";
import { go } from "./route";

interface Props {
  to: string;
  children: ReactNode;
  current?: boolean;
}

export function Link({ to, children, current = false }: Props) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} onClick={follow} aria-current={current ? "page" : undefined}>
      {children}
    </a>
  );
}
