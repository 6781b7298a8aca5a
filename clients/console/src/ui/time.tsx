// A moment as people read it. The whole timestamp stands in the title.
import { useSettings, type Zone } from "./settings";

const two = (number: number) => String(number).padStart(2, "0");

// "2026-02-03 10:20:30", and "UTC" behind it or nothing. What is no timestamp is shown as it is.
export function written(timestamp: string, zone: Zone): string {
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return timestamp;
  if (zone === "utc") return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export function Time({ at }: { at: string | null | undefined }) {
  const { zone } = useSettings();
  if (!at) return <span className="nothing">never</span>;
  return (
    <time dateTime={at} title={at}>
      {written(at, zone)}
    </time>
  );
}
