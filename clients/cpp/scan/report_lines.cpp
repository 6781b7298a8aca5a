#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "clients/cpp/scan/scan_report.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

void write(std::ostream& out, json const& line) {
  out << line.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

void add_seen(json& line, Seen const& seen) {
  line["requests"] = seen.requests;
  line["first_seen"] = time_text(seen.first_us);
  line["last_seen"] = time_text(seen.last_us);
}

json suspect_line(Suspect const& one, KnownIndicators const& known) {
  auto const* type = one.is_address ? "address" : "account";
  json line{{"type", type},
            {type, one.name},
            {"action", match::name(one.suggestion.action)},
            {"confidence", std::lround(one.suggestion.confidence * 100)},
            {"evidence", json::array()},
            {"indicators", json::array()}};
  for (auto const evidence : one.suggestion.evidence) line["evidence"].push_back(match::name(evidence));
  for (auto const indicator : one.indicators) line["indicators"].push_back(known.at(indicator).id);
  if (one.cluster) line["cluster"] = *one.cluster + 1;
  add_seen(line, one.seen);
  return line;
}

json summary_line(ScanReport const& report, KnownIndicators const& known) {
  auto const counts = counts_of(report);
  json bad = json::array();
  for (auto const& log : report.logs)
    for (auto const& line : log.counts.worst)
      bad.push_back({{"log", log.name}, {"line", line.line}, {"why", line.why}});
  return {{"type", "summary"},
          {"lines", counts.lines},
          {"requests", counts.records},
          {"bad_lines", counts.bad()},
          {"first_bad_lines", std::move(bad)},
          {"indicators", known.standing()},
          {"unindexed", known.unindexed()},
          {"muted", known.muted()},
          {"invalid", known.invalid()},
          {"suspects", report.findings.suspects.size()},
          {"one_kind_of_evidence", report.findings.others.size()},
          {"clusters", report.findings.clusters.size()}};
}

}  // namespace

void write_lines(std::ostream& out, ScanReport const& report, KnownIndicators const& known) {
  for (auto const& one : report.findings.suspects) write(out, suspect_line(one, known));
  for (auto const& one : report.findings.others) write(out, suspect_line(one, known));
  for (std::size_t at = 0; at < report.findings.clusters.size(); ++at) {
    auto const& one = report.findings.clusters[at];
    json line{{"type", "cluster"},
              {"cluster", at + 1},
              {"accounts", one.accounts},
              {"action", match::name(one.action)},
              {"indicators", json::array()}};
    for (auto const indicator : one.indicators) line["indicators"].push_back(known.at(indicator).id);
    add_seen(line, one.seen);
    write(out, line);
  }
  for (auto const& [indicator, seen] : most_hit(report)) {
    auto const& one = known.at(indicator);
    json line{{"type", "indicator"}, {"id", one.id}, {"kind", one.kind}};
    if (!one.value.empty()) line["value"] = one.value;
    add_seen(line, seen);
    write(out, line);
  }
  write(out, summary_line(report, known));
}

}  // namespace tocsin::client
