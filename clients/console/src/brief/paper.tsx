// The brief as it is read and printed: its marking stands on every page, and each number leads to its claim.
import { useState } from "react";
import { Who } from "../indicators/who";
import { Link } from "../ui/link";
import { addressOf } from "../ui/route";
import { Time } from "../ui/time";
import { Tlp } from "../ui/tlp";
import type { Asked, Brief, Claim, Portrait } from "./claims";

const claimId = (number: number) => `claim-${number}`;

function Standing({ of }: { of: Claim }) {
  return (
    <>
      <span className={`standing ${of.standing}`}>{of.standing}</span>
      {of.disclosed && <span className="standing public">public</span>}
    </>
  );
}

function period({ from, until }: Asked): string {
  if (from === "" && until === "") return "everything that was seen";
  if (until === "") return `what was seen from ${from} on`;
  return from === "" ? `what was seen until ${until}` : `what was seen from ${from} to ${until}`;
}

function Numbers({ of, name }: { of: Claim[]; name: string }) {
  return (
    <table className="wide" aria-label={`What is said of ${name}`}>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">How much</th>
          <th scope="col">Standing</th>
          <th scope="col">Claim</th>
        </tr>
      </thead>
      <tbody>
        {of.map((claim) => (
          <tr key={claim.number}>
            <th scope="row">{claim.what}</th>
            <td>{claim.value}</td>
            <td>
              <Standing of={claim} />
            </td>
            <td>
              <a href={`#${claimId(claim.number)}`}>claim {claim.number}</a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Counted({ of }: { of: Portrait }) {
  const { count, complete, by_kind } = of.indicators;
  const kinds = Object.entries(by_kind).map(([kind, many]) => `${many.toLocaleString("en")} ${kind}`);
  return (
    <p className="hint">
      This instance counts, of what the reader may see: {complete ? "" : "at least "}
      {count === 0 ? "no indicator" : kinds.join(", ")}; {of.sightings.toLocaleString("en")} sightings in the period.
    </p>
  );
}

function OneCampaign({ of }: { of: Portrait }) {
  return (
    <section className="of-campaign" aria-labelledby={of.id}>
      <h3 id={of.id}>
        <Link to={addressOf(["campaigns", of.id])}>{of.name}</Link>
      </h3>
      {of.first !== null && of.last !== null && (
        <p>
          Seen from <Time at={of.first} /> to <Time at={of.last} />.
        </p>
      )}
      {of.descriptions.map((one) => (
        <blockquote key={`${one.organisation ?? ""} ${one.origin ?? ""} ${one.text}`} className="foreign">
          {one.text}{" "}
          <cite>
            <Who organisation={one.organisation} origin={one.origin} />
          </cite>
        </blockquote>
      ))}
      {of.claims.length === 0 ? <p>Nobody gives a number.</p> : <Numbers of={of.claims} name={of.name} />}
      <Counted of={of} />
    </section>
  );
}

function Claims({ of }: { of: Portrait[] }) {
  return (
    <section aria-labelledby="claims">
      <h3 id="claims">Claims</h3>
      <p className="hint">Each by one member. They are not added up: two members may have seen the same accounts.</p>
      <ol className="claims">
        {of.flatMap((campaign) =>
          campaign.claims.map((claim) => (
            <li key={claim.number} id={claimId(claim.number)} value={claim.number}>
              {claim.what}: {claim.value}. <Standing of={claim} /> <Tlp level={claim.tlp} />
              <br />
              <span className="hint">
                Of <Link to={addressOf(["campaigns", campaign.id])}>{campaign.name}</Link>, by <Who organisation={claim.organisation} origin={claim.origin} />, said on <Time at={claim.modified} />. What it rests on: {claim.basis}.
              </span>
            </li>
          )),
        )}
      </ol>
    </section>
  );
}

export function Paper({ brief, asked, reader }: { brief: Brief; asked: Asked; reader: string }) {
  const [made] = useState(() => new Date().toISOString());
  return (
    <article className="paper" aria-label="Brief">
      <p className="on-each-page" aria-hidden="true">
        <Tlp level={brief.marking} />
      </p>
      <h2>
        Brief on distillation attacks <Tlp level={brief.marking} />
      </h2>
      <p>
        For {reader}, made <Time at={made} />, of {period(asked)}
        {asked.capability === "" ? "" : `, where ${asked.capability} was the target`}: {brief.campaigns.length.toLocaleString("en")}{" "}
        {brief.campaigns.length === 1 ? "campaign" : "campaigns"}. It has what the reader may see, and nothing else.
      </p>
      <p className="hint">
        <span className="standing observed">observed</span> who says it has counted it; <span className="standing assessed">assessed</span> it is their judgement or estimate;{" "}
        <span className="standing public">public</span> they have told the public of the campaign.
      </p>
      {brief.campaigns.map((one) => (
        <OneCampaign key={one.id} of={one} />
      ))}
      <Claims of={brief.campaigns} />
    </article>
  );
}
