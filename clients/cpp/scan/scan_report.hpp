// What a scan found, and its three forms. Values and pure functions; any thread.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cpp/scan/suspects.hpp"
#include "clients/logs/log_reader.hpp"

namespace tocsin::client {

struct ScannedLog {
  std::string name, format;  // "" where no line was of any
  logs::LogCounts counts;
};

struct DayOfRequests {
  std::uint64_t all = 0, hit = 0;
};

struct ScanReport {
  std::vector<ScannedLog> logs;
  Findings findings;
  std::map<std::int64_t, DayOfRequests> days;  // by days since 1970: the first 4,000 that there are
  // By its place in KnownIndicators: the requests that each was hit by.
  std::map<std::size_t, Seen> hits;
};

// For people, on a terminal: at most `most` suspects and indicators, and how many more there are.
void write_table(std::ostream& out, ScanReport const& report, KnownIndicators const& known, std::size_t most);

// For programs: a JSON object a line, of `type` account or address, cluster, indicator, and at the end summary.
void write_lines(std::ostream& out, ScanReport const& report, KnownIndicators const& known);

// For people who were not there: an HTML document that refers to nothing outside it, with charts.
void write_page(std::ostream& out, ScanReport const& report, KnownIndicators const& known, std::size_t most);

// What the forms have in common.
[[nodiscard]] std::string time_text(std::int64_t at_us);                  // 2026-11-20T12:00:00Z
[[nodiscard]] std::string day_text(std::int64_t day);                     // 2026-11-20
[[nodiscard]] std::string evidence_text(match::Suggestion const& found);  // "network, content"
[[nodiscard]] logs::LogCounts counts_of(ScanReport const& report);        // of all logs, without their worst lines
// The hits by number of requests, the most first.
[[nodiscard]] std::vector<std::pair<std::size_t, Seen>> most_hit(ScanReport const& report);

}  // namespace tocsin::client
