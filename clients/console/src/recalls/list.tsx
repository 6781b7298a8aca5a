// The recalls of one's own organisation, and of all for an administrator.
import { useCallback } from "react";
import { getJson, pathOf } from "../api/client";
import { useAnswer } from "../api/use_answer";
import { useAskedAgain } from "../ui/every";
import { Link } from "../ui/link";
import { addressOf } from "../ui/route";
import { Answered, Empty } from "../ui/states";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { RECALLS, REASONS, standing, type Recall } from "./recall";

function Found({ recalls }: { recalls: Recall[] }) {
  if (recalls.length === 0) return <Empty>Nothing was taken back yet. “Start a recall” takes an object back wherever the log of this instance brought it.</Empty>;
  const now = Date.now();
  return (
    <Table label="Recalls" head={["Recall", "Action", "Because", "Made", "Object", "How far"]}>
      {recalls.map((one) => (
        <tr key={one.recall} className={one.outstanding > 0 && now > Date.parse(one.deadline) ? "refused" : ""}>
          <th scope="row">
            <Link to={addressOf(["recalls", String(one.recall)])}>Recall {one.recall}</Link>
          </th>
          <td>{one.action}</td>
          <td>{REASONS[one.because] ?? one.because}</td>
          <td>
            <Time at={one.made} />
          </td>
          <td className="value">{one.id ?? "erased since"}</td>
          <td>{standing(one, now)}</td>
        </tr>
      ))}
    </Table>
  );
}

export function Recalls() {
  const ask = useCallback((signal: AbortSignal) => getJson<{ recalls: Recall[] }>(pathOf(RECALLS), signal), []);
  const answer = useAnswer(ask);
  useAskedAgain(answer, ({ recalls }) => recalls.some((one) => one.outstanding > 0));
  return (
    <>
      <h1>Recalls</h1>
      <p>
        <Link to={addressOf(["recalls", "new"])}>Start a recall</Link>
      </p>
      <Answered answer={answer}>{({ recalls }) => <Found recalls={recalls} />}</Answered>
    </>
  );
}
