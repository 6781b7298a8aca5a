#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>
#include <span>

#include "clients/cpp/console.hpp"
#include "clients/cpp/scan/scan_report.hpp"

namespace tocsin::client {
namespace {

template <std::size_t kColumns>
void write_rows(std::ostream& out, std::span<std::array<std::string, kColumns> const> rows) {
  std::array<std::size_t, kColumns> widths{};
  for (auto const& row : rows)
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  for (auto const& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i)
      out << row[i] << (i + 1 < kColumns ? std::string(widths[i] - row[i].size() + 2, ' ') : "\n");
  }
}

void write_logs(std::ostream& out, ScanReport const& report) {
  for (auto const& log : report.logs) {
    out << printable(log.name) << (log.format.empty() ? "" : " (" + log.format + ")") << ": "
        << counted(log.counts.records, "request", "requests");
    if (log.counts.bad() > 0) out << ", and " << counted(log.counts.bad(), "line that is none", "lines that are none");
    out << '\n';
    for (auto const& bad : log.counts.worst) out << "  line " << bad.line << ": " << bad.why << '\n';
  }
}

void write_known(std::ostream& out, KnownIndicators const& known) {
  out << "Held against " << counted(known.standing(), "indicator", "indicators") << " that you see";
  if (auto const count = known.unindexed(); count > 0)
    out << "; " << grouped(count) << (count == 1 ? " of them is" : " of them are")
        << " looked up by nothing or only in part";
  if (known.muted() > 0) out << "; " << grouped(known.muted()) << " more you muted";
  if (known.invalid() > 0) out << "; " << counted(known.invalid(), "object is", "objects are") << " not valid STIX";
  out << ".\n";
}

void write_suspects(std::ostream& out, Findings const& findings, std::size_t most) {
  std::vector<std::array<std::string, 8>> rows{
      {"ACTION", "SURE", "EVIDENCE", "REQUESTS", "FIRST", "LAST", "CLUSTER", "WHO"}};
  for (auto const& one : findings.suspects) {
    if (rows.size() > most) break;
    rows.push_back({std::string(match::name(one.suggestion.action)),
                    std::to_string(std::lround(one.suggestion.confidence * 100)) + "%", evidence_text(one.suggestion),
                    grouped(one.seen.requests), time_text(one.seen.first_us), time_text(one.seen.last_us),
                    std::to_string(one.cluster.value_or(0) + 1), printable(one.name)});
  }
  out << '\n';
  write_rows<8>(out, rows);
  if (findings.suspects.size() > most)
    out << "and " << grouped(findings.suspects.size() - most) << " more: --most, --ndjson\n";
}

void write_clusters(std::ostream& out, Findings const& findings, std::size_t most) {
  std::vector<std::array<std::string, 6>> rows{{"CLUSTER", "ACCOUNTS", "REQUESTS", "FIRST", "LAST", "ACTION"}};
  for (auto const& one : findings.clusters) {
    if (rows.size() > most) break;
    rows.push_back({std::to_string(rows.size()), grouped(one.accounts), grouped(one.seen.requests),
                    time_text(one.seen.first_us), time_text(one.seen.last_us), std::string(match::name(one.action))});
  }
  out << '\n';
  write_rows<6>(out, rows);
}

void write_hits(std::ostream& out, ScanReport const& report, KnownIndicators const& known, std::size_t most) {
  std::vector<std::array<std::string, 4>> rows{{"REQUESTS", "KIND", "VALUE", "INDICATOR"}};
  for (auto const& [indicator, seen] : most_hit(report)) {
    if (rows.size() > most) break;
    auto const& one = known.at(indicator);
    rows.push_back({grouped(seen.requests), printable(one.kind), one.value.empty() ? "-" : printable(one.value),
                    printable(one.id)});
  }
  out << '\n';
  write_rows<4>(out, rows);
}

}  // namespace

void write_table(std::ostream& out, ScanReport const& report, KnownIndicators const& known, std::size_t most) {
  auto const& findings = report.findings;
  write_logs(out, report);
  write_known(out, known);
  if (!findings.suspects.empty()) {
    write_suspects(out, findings, most);
    write_clusters(out, findings, most);
  }
  if (!report.hits.empty()) write_hits(out, report, known, most);
  out << '\n'
      << counted(findings.suspects.size(), "suspect", "suspects") << " with evidence of two kinds or more, in "
      << counted(findings.clusters.size(), "cluster", "clusters") << "; " << grouped(findings.others.size())
      << " with one kind alone, which is no reason to act.\n";
}

}  // namespace tocsin::client
