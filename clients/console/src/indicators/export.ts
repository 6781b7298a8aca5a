// What was found as a file. A cell of CSV never begins a formula when a spreadsheet opens it.
import type { IndicatorItem } from "../api/types";

const COLUMNS = ["id", "kind", "value", "tlp", "confidence_now", "organisation", "origin", "valid_until", "suggested_action"] as const;

export function cell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

export function csvOf(items: IndicatorItem[]): string {
  const rows = items.map((item) =>
    COLUMNS.map((name) => cell(name === "value" ? valueOf(item) : String(item[name] ?? ""))).join(","),
  );
  return [COLUMNS.join(","), ...rows].map((row) => `${row}\r\n`).join("");
}

export function valueOf(item: IndicatorItem): string {
  return item.value ?? item.values?.join(" ") ?? item.name ?? "";
}

export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
