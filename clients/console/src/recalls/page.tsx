// One recall: what was taken back and why, who has acted on it, and the certificate that shows it to anybody.
import { useCallback, useState } from "react";
import { getJson, getText, pathOf } from "../api/client";
import { sentenceOf, useAnswer } from "../api/use_answer";
import { download } from "../indicators/export";
import { useAskedAgain } from "../ui/every";
import { Link } from "../ui/link";
import { addressOf } from "../ui/route";
import { Answered, Failure } from "../ui/states";
import { Time } from "../ui/time";
import { Peers } from "./peers";
import { ACTIONS, RECALLS, REASONS, standing, type Recall } from "./recall";

function Certificate({ recall }: { recall: number }) {
  const [sentence, setSentence] = useState<string | null>(null);
  const save = async () => {
    try {
      download(`recall-${recall}.txt`, "text/plain", await getText(pathOf([...RECALLS, String(recall), "certificate"])));
      setSentence(null);
    } catch (error) {
      setSentence(sentenceOf(error));
    }
  };
  return (
    <section aria-labelledby="certificate">
      <h2 id="certificate">Certificate</h2>
      <p>
        It shows to anybody what was recalled and when, and which peers acknowledged it when. Whoever has no receipt by now is named as outstanding: save it
        again when more have come. <code>tocsin verify recall-{recall}.txt</code> checks it without any server.
      </p>
      {sentence !== null && <Failure sentence={sentence} />}
      <button type="button" onClick={() => void save()}>
        Save the certificate
      </button>
    </section>
  );
}

function Recalled({ id }: { id: string | null }) {
  if (id === null) return <>erased since</>;
  return id.startsWith("indicator--") ? <Link to={addressOf(["indicators", id])}>{id}</Link> : <span className="value">{id}</span>;
}

function Facts({ recall }: { recall: Recall }) {
  return (
    <dl className="facts">
      <dt>Object</dt>
      <dd>
        <Recalled id={recall.id} />
      </dd>
      <dt>Asserted by</dt>
      <dd>{recall.organisation}</dd>
      <dt>Because</dt>
      <dd>{REASONS[recall.because] ?? recall.because}</dd>
      <dt>What it does</dt>
      <dd>{ACTIONS[recall.action] ?? recall.action}</dd>
      <dt>Made</dt>
      <dd>
        <Time at={recall.made} />
      </dd>
      <dt>Deadline</dt>
      <dd>
        <Time at={recall.deadline} />
      </dd>
      <dt>Entries of the log</dt>
      <dd>{recall.entries.toLocaleString("en")}</dd>
    </dl>
  );
}

export function RecallPage({ number }: { number: string }) {
  const ask = useCallback((signal: AbortSignal) => getJson<Recall>(pathOf([...RECALLS, number]), signal), [number]);
  const answer = useAnswer(ask);
  useAskedAgain(answer, (recall) => recall.outstanding > 0);
  const now = Date.now();
  return (
    <>
      <p>
        <Link to={addressOf(["recalls"])}>All recalls</Link>
      </p>
      <Answered answer={answer}>
        {(recall) => (
          <>
            <h1>Recall {recall.recall}</h1>
            <p className={recall.outstanding === 0 ? "verdict holds" : "verdict"} role="status">
              {standing(recall, now)}
            </p>
            <Facts recall={recall} />
            <h2>Receipts</h2>
            <Peers recall={recall} now={now} />
            <p className="hint">A receipt is a peer's signature. A peer that lies signs what it did not do, and the certificate then proves that it said so.</p>
            <Certificate recall={recall.recall} />
          </>
        )}
      </Answered>
    </>
  );
}
