// What the server answered to a question that a page shows: loading, an answer, or why there is none.
import { useCallback, useEffect, useState } from "react";
import { Refused } from "./client";

export type Answer<T> =
  | { state: "loading" }
  | { state: "failed"; sentence: string; again: () => void }
  | { state: "answered"; value: T; again: () => void };

export function sentenceOf(error: unknown): string {
  return error instanceof Refused ? error.message : "The console failed at what the server answered. Load it again.";
}

// `ask` is asked anew whenever it is another function: keep it with useCallback.
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ state: "loading" });
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((number) => number + 1), []);
  useEffect(() => {
    const stop = new AbortController();
    setAnswer((before) => (before.state === "answered" && round > 0 ? before : { state: "loading" }));
    ask(stop.signal)
      .then((value) => !stop.signal.aborted && setAnswer({ state: "answered", value, again }))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setAnswer({ state: "failed", sentence: sentenceOf(error), again });
      });
    return () => stop.abort();
  }, [ask, round, again]);
  return answer;
}
