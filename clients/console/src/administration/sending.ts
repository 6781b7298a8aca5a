// A change that is under way: one at a time, and why it was refused.
import { useState } from "react";
import { sentenceOf } from "../api/use_answer";

export interface Sending {
  busy: boolean;
  sentence: string | null;
  send: (what: () => Promise<void>) => Promise<void>;
}

export function useSending(): Sending {
  const [busy, setBusy] = useState(false);
  const [sentence, setSentence] = useState<string | null>(null);
  const send = async (what: () => Promise<void>) => {
    setBusy(true);
    setSentence(null);
    try {
      await what();
    } catch (error) {
      setSentence(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, sentence, send };
}
