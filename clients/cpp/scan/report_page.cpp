#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>
#include <span>

#include "clients/cpp/console.hpp"
#include "clients/cpp/scan/page_charts.hpp"
#include "clients/cpp/scan/scan_report.hpp"

namespace tocsin::client {
namespace {

// The policy keeps the page from fetching anything, whatever a value in it was made to look like.
constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Tocsin scan</title><style>
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5d6878;--line:#d8dde4;--page:#fff;--all:#b9c4d2;--hit:#b3392f}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#98a3b3;--line:#343c48;--page:#14181e;--all:#4a5666;--hit:#e0675c}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:75rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.2rem 0 .6rem}p{max-width:48rem}.soft{color:var(--soft)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:500}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.w{overflow-wrap:anywhere}
.tiles{display:flex;flex-wrap:wrap;gap:1rem 2.5rem;margin:1.2rem 0}.tiles b{display:block;font-size:1.6rem;font-weight:600}
svg{width:100%;height:auto;display:block}svg text{fill:var(--soft);font:12px system-ui,sans-serif}.all{fill:var(--all)}.hit{fill:var(--hit)}
</style></head><body>
)";

struct Column {
  std::string_view name;
  std::string_view style;  // n: a number, w: may be broken anywhere
};

using Row = std::vector<std::string>;

void write_rows(std::ostream& out, std::span<Column const> columns, std::span<Row const> rows) {
  out << "<div class=wide><table><tr>";
  for (auto const& column : columns) out << "<th class=\"" << column.style << "\">" << column.name << "</th>";
  out << "</tr>\n";
  for (auto const& row : rows) {
    out << "<tr>";
    for (std::size_t i = 0; i < columns.size(); ++i)
      out << "<td class=\"" << columns[i].style << "\">" << escaped(printable(row[i])) << "</td>";
    out << "</tr>\n";
  }
  out << "</table></div>\n";
}

void write_more(std::ostream& out, std::size_t all, std::size_t most) {
  if (all > most) out << "<p class=soft>And " << grouped(all - most) << " more.</p>\n";
}

void write_tiles(std::ostream& out, ScanReport const& report, KnownIndicators const& known) {
  auto const tile = [&](std::uint64_t number, std::string_view what) {
    out << "<div><b>" << grouped(number) << "</b>" << what << "</div>";
  };
  auto const counts = counts_of(report);
  out << "<div class=tiles>";
  tile(counts.records, "requests");
  tile(known.standing(), "indicators held against them");
  tile(report.findings.suspects.size(), "suspects");
  tile(report.findings.clusters.size(), "clusters");
  tile(report.findings.others.size(), "with one kind of evidence");
  tile(counts.bad(), "lines that are no request");
  out << "</div>\n";
}

void write_suspects(std::ostream& out, Findings const& findings, std::size_t most) {
  constexpr std::array kColumns{Column{"Who", "w"},     Column{"Action", ""},    Column{"Sure", "n"},
                                Column{"Evidence", ""}, Column{"Requests", "n"}, Column{"First", ""},
                                Column{"Last", ""},     Column{"Cluster", "n"}};
  std::vector<Row> rows;
  for (auto const& one : findings.suspects) {
    if (rows.size() == most) break;
    rows.push_back({one.name, std::string(match::name(one.suggestion.action)),
                    std::to_string(std::lround(one.suggestion.confidence * 100)) + "%", evidence_text(one.suggestion),
                    grouped(one.seen.requests), time_text(one.seen.first_us), time_text(one.seen.last_us),
                    std::to_string(one.cluster.value_or(0) + 1)});
  }
  out << "<h2>Suspects</h2>\n";
  write_rows(out, kColumns, rows);
  write_more(out, findings.suspects.size(), most);
}

void write_clusters(std::ostream& out, Findings const& findings, std::size_t most) {
  constexpr std::array kColumns{Column{"Cluster", "n"},   Column{"Accounts", "n"}, Column{"Requests", "n"},
                                Column{"First", ""},      Column{"Last", ""},      Column{"Action", ""},
                                Column{"Indicators", "n"}};
  std::vector<Row> rows;
  for (auto const& one : findings.clusters) {
    if (rows.size() == most) break;
    rows.push_back({std::to_string(rows.size() + 1), grouped(one.accounts), grouped(one.seen.requests),
                    time_text(one.seen.first_us), time_text(one.seen.last_us), std::string(match::name(one.action)),
                    grouped(one.indicators.size())});
  }
  out << "<h2>Clusters</h2>\n<p class=soft>Suspects that hit the same indicators, directly or by others among "
         "them.</p>\n";
  write_rows(out, kColumns, rows);
  write_more(out, findings.clusters.size(), most);
}

void write_hits(std::ostream& out, ScanReport const& report, KnownIndicators const& known, std::size_t most) {
  constexpr std::array kColumns{Column{"Kind", ""},  Column{"Value", "w"}, Column{"Requests", "n"},
                                Column{"First", ""}, Column{"Last", ""},   Column{"Indicator", "w"}};
  std::vector<Row> rows;
  for (auto const& [indicator, seen] : most_hit(report)) {
    if (rows.size() == most) break;
    auto const& one = known.at(indicator);
    rows.push_back({one.kind, one.value.empty() ? "several" : one.value, grouped(seen.requests),
                    time_text(seen.first_us), time_text(seen.last_us), one.id});
  }
  out << "<h2>Indicators that were hit</h2>\n";
  write_rows(out, kColumns, rows);
  write_more(out, report.hits.size(), most);
}

void write_logs(std::ostream& out, ScanReport const& report) {
  constexpr std::array kColumns{Column{"Log", "w"}, Column{"Format", ""}, Column{"Requests", "n"},
                                Column{"Other lines", "n"}, Column{"The first of those", ""}};
  std::vector<Row> rows;
  for (auto const& log : report.logs) {
    std::string worst;
    for (auto const& bad : log.counts.worst)
      worst += (worst.empty() ? "" : "; ") + std::string("line ") + std::to_string(bad.line) + ": " + bad.why;
    rows.push_back({log.name, log.format, grouped(log.counts.records), grouped(log.counts.bad()), worst});
  }
  out << "<h2>Logs</h2>\n";
  write_rows(out, kColumns, rows);
}

}  // namespace

void write_page(std::ostream& out, ScanReport const& report, KnownIndicators const& known, std::size_t most) {
  auto const& findings = report.findings;
  out << kHead << "<h1>Scan of access logs</h1>\n"
      << "<p class=soft>Made on this machine. A suspect has evidence of two independent kinds; one kind alone is no "
         "reason to act, and no hit is a verdict.</p>\n";
  write_tiles(out, report, known);
  if (!report.days.empty()) write_day_chart(out, report.days);
  if (!findings.suspects.empty() || !findings.others.empty()) write_evidence_chart(out, findings);
  if (!findings.suspects.empty()) {
    write_clusters(out, findings, most);
    write_suspects(out, findings, most);
  }
  if (!report.hits.empty()) write_hits(out, report, known, most);
  write_logs(out, report);
  out << "<p class=soft>Of the indicators " << grouped(known.unindexed()) << (known.unindexed() == 1 ? " is" : " are")
      << " looked up by nothing or only in part, and " << grouped(known.muted())
      << " more are muted.</p>\n</body></html>\n";
}

}  // namespace tocsin::client
