// Who has acknowledged a recall, and who has not, with those behind a relay below it.
import { Empty } from "../ui/states";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { inWords, ordered, type Recall, type RecallPeer } from "./recall";

function BehindIt({ peer }: { peer: RecallPeer }) {
  if (peer.dependents === null) return null;
  return (
    <>
      <p className="hint">
        Behind it, by its own word of <Time at={peer.dependents.said} />:
      </p>
      {peer.dependents.instances.length === 0 ? (
        <p className="hint">nobody</p>
      ) : (
        <ul>
          {peer.dependents.instances.map((one) => (
            <li key={one.log}>
              {one.log} <span className="badge">{one.state}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Peers({ recall, now }: { recall: Recall; now: number }) {
  if (recall.peers.length === 0) return <Empty>This instance gives to no peer. What it shows itself ended at once.</Empty>;
  return (
    <Table label="Peers" head={["Peer", "State", "Receipt came", "What that means"]}>
      {ordered(recall.peers).map((peer) => (
        <tr key={peer.peer} className={peer.state === "overdue" ? "refused" : ""}>
          <th scope="row">{peer.peer}</th>
          <td>{peer.state}</td>
          <td>{peer.acknowledged === null ? "not yet" : <Time at={peer.acknowledged} />}</td>
          <td>
            {inWords(peer, recall.made, now)}
            <BehindIt peer={peer} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
