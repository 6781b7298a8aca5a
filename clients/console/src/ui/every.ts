// Asks again by itself while somebody looks at the page.
import { useEffect } from "react";
import type { Answer } from "../api/use_answer";

const EVERY = 10_000; // milliseconds

export function useAskedAgain<T>(answer: Answer<T>, isWanted: (value: T) => boolean = () => true): void {
  const again = answer.state === "loading" ? undefined : answer.again;
  const wanted = answer.state !== "answered" || isWanted(answer.value);
  useEffect(() => {
    if (!again || !wanted) return;
    const timer = setInterval(() => document.visibilityState === "visible" && again(), EVERY);
    return () => clearInterval(timer);
  }, [again, wanted]);
}
