// What members say of campaigns: one entry an asserter.
import { useCallback, useState } from "react";
import { getJson, pathOf } from "../api/client";
import type { CampaignPage, CampaignStatement } from "../api/types";
import { sentenceOf, useAnswer } from "../api/use_answer";
import { Who } from "../indicators/who";
import { Link } from "../ui/link";
import { addressOf } from "../ui/route";
import { Answered, Empty, Failure } from "../ui/states";
import { Time } from "../ui/time";
import { Tlp } from "../ui/tlp";
import { inWords } from "./counts";

const CAMPAIGNS = ["api", "v1", "campaigns"];

export function CampaignTable({ campaigns }: { campaigns: CampaignStatement[] }) {
  return (
    <table className="wide">
      <thead>
        <tr>
          <th scope="col">Campaign</th>
          <th scope="col">Marking</th>
          <th scope="col">Said by</th>
          <th scope="col">Exchanges</th>
          <th scope="col">Accounts</th>
          <th scope="col">Last seen</th>
        </tr>
      </thead>
      <tbody>
        {campaigns.map((one) => (
          <tr key={`${one.id} ${one.organisation ?? ""} ${one.origin ?? ""} ${one.modified}`}>
            <th scope="row">
              <Link to={addressOf(["campaigns", one.id])}>{one.name}</Link>
              {one.revoked && <span className="badge">revoked</span>}
            </th>
            <td>
              <Tlp level={one.tlp} />
            </td>
            <td>
              <Who organisation={one.organisation} origin={one.origin} />
            </td>
            <td>{inWords(one.exchanges)}</td>
            <td>{inWords(one.accounts)}</td>
            <td>{one.last_seen ? <Time at={one.last_seen} /> : ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Found({ first }: { first: CampaignPage }) {
  const [pages, setPages] = useState([first]);
  const [sentence, setSentence] = useState<string | null>(null);
  const last = pages[pages.length - 1]!;
  const more = async () => {
    try {
      const page = await getJson<CampaignPage>(pathOf(CAMPAIGNS, { after: last.after }));
      setPages((before) => [...before, page]);
      setSentence(null);
    } catch (error) {
      setSentence(sentenceOf(error));
    }
  };
  const campaigns = pages.flatMap((page) => page.campaigns);
  if (campaigns.length === 0) return <Empty>Nobody told of a campaign that you may see.</Empty>;
  return (
    <>
      <CampaignTable campaigns={campaigns} />
      {sentence && <Failure sentence={sentence} />}
      {!last.complete && (
        <div className="buttons">
          <button type="button" onClick={() => void more()}>
            Show more
          </button>
        </div>
      )}
    </>
  );
}

export function Campaigns() {
  const ask = useCallback((signal: AbortSignal) => getJson<CampaignPage>(pathOf(CAMPAIGNS), signal), []);
  return (
    <>
      <h1>Campaigns</h1>
      <p>
        <Link to={addressOf(["campaigns", "brief"])}>Make a brief of them</Link>
      </p>
      <Answered answer={useAnswer(ask)}>{(page) => <Found first={page} />}</Answered>
    </>
  );
}
