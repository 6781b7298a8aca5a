// How often something was seen, a bar a day. The same numbers stand in a table for who does not see the bars.
import type { Campaign } from "../api/types";
import { Empty } from "../ui/states";

type Day = Campaign["sightings"]["by_day"][number];

const WIDTH = 720;
const HEIGHT = 120;

export interface Bar {
  day: Day;
  x: number;
  width: number;
  height: number;
}

// One a day from the first to the last, those without any among them: a gap is seen as one.
export function barsOf(days: Day[]): Bar[] {
  const first = Date.parse(days[0]?.day ?? "");
  const last = Date.parse(days[days.length - 1]?.day ?? "");
  if (Number.isNaN(first) || Number.isNaN(last)) return [];
  const span = Math.round((last - first) / 86_400_000) + 1;
  const most = Math.max(...days.map((day) => day.count), 1);
  const width = WIDTH / span;
  return days.map((day) => ({
    day,
    x: ((Date.parse(day.day) - first) / 86_400_000) * width,
    width: Math.max(width - 1, 1),
    height: (day.count / most) * HEIGHT,
  }));
}

export function Days({ days }: { days: Day[] }) {
  if (days.length === 0) return <Empty>Nobody reported to have seen it.</Empty>;
  return (
    <>
      <svg className="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`From ${days[0]!.day} to ${days[days.length - 1]!.day}`}>
        {barsOf(days).map((bar) => (
          <rect key={bar.day.day} x={bar.x} y={HEIGHT - bar.height} width={bar.width} height={bar.height}>
            <title>{`${bar.day.day}: ${bar.day.count} by ${bar.day.organisations}`}</title>
          </rect>
        ))}
      </svg>
      <details>
        <summary>As a table</summary>
        <table>
          <tbody>
            {days.map((day) => (
              <tr key={day.day}>
                <th scope="row">{day.day}</th>
                <td>{day.count.toLocaleString("en")} times</td>
                <td>{day.organisations} organisations</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
