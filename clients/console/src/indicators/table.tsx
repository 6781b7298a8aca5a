// Found indicators as a table of which only the rows that are seen are drawn.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { IndicatorItem } from "../api/types";
import { Link } from "../ui/link";
import { addressOf } from "../ui/route";
import { Time } from "../ui/time";
import { Tlp } from "../ui/tlp";
import { corroborated } from "./corroborated";
import { valueOf } from "./export";
import { Who } from "./who";

const ROW = 40; // pixels
const HEADINGS = ["Value", "Kind", "Marking", "Confidence", "Said by", "Corroborated", "Until", "Action"];

function Row({ item }: { item: IndicatorItem }) {
  return (
    <>
      <span role="cell" className="value">
        <Link to={addressOf(["indicators", item.id])}>{valueOf(item) || item.id}</Link>
        {item.revoked && <span className="badge">revoked</span>}
        {item.muted && <span className="badge">muted</span>}
      </span>
      <span role="cell">{item.kind}</span>
      <span role="cell">
        <Tlp level={item.tlp} />
      </span>
      <span role="cell">{item.confidence_now === undefined ? "" : `${item.confidence_now} %`}</span>
      <span role="cell">
        <Who organisation={item.organisation} origin={item.origin} />
      </span>
      <span role="cell">{corroborated(item)}</span>
      <span role="cell">{item.valid_until && <Time at={item.valid_until} />}</span>
      <span role="cell">{item.suggested_action ?? ""}</span>
    </>
  );
}

export function IndicatorTable({ items }: { items: IndicatorItem[] }) {
  const scrolled = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scrolled.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  return (
    <div ref={scrolled} className="table" role="table" aria-label="Indicators" aria-rowcount={items.length + 1} tabIndex={0}>
      <div className="row heading" role="row">
        {HEADINGS.map((heading) => (
          <span key={heading} role="columnheader">
            {heading}
          </span>
        ))}
      </div>
      <div role="rowgroup" className="rows" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => {
          const item = items[row.index]!;
          return (
            <div key={item.id} className="row" role="row" aria-rowindex={row.index + 2} style={{ transform: `translateY(${row.start}px)` }}>
              <Row item={item} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
