#include "clients/cpp/scan/scan_report.hpp"

#include <algorithm>

#include "schema/stix/timestamp.hpp"

namespace tocsin::client {
namespace {

constexpr std::int64_t kSecond = 1'000'000, kDay = 86'400 * kSecond;

}  // namespace

std::string time_text(std::int64_t at_us) {
  auto text = stix::Timestamp::from_microseconds(at_us / kSecond * kSecond).text_microseconds();
  return text.substr(0, text.find('.')) + "Z";
}

std::string day_text(std::int64_t day) {
  return time_text(day * kDay).substr(0, std::string_view("2026-11-20").size());
}

std::string evidence_text(match::Suggestion const& found) {
  std::string out;
  for (auto const one : found.evidence) out += (out.empty() ? "" : ", ") + std::string(match::name(one));
  return out;
}

logs::LogCounts counts_of(ScanReport const& report) {
  logs::LogCounts out;
  for (auto const& log : report.logs) {
    out.lines += log.counts.lines;
    out.records += log.counts.records;
  }
  return out;
}

std::vector<std::pair<std::size_t, Seen>> most_hit(ScanReport const& report) {
  std::vector<std::pair<std::size_t, Seen>> out(report.hits.begin(), report.hits.end());
  std::ranges::sort(out, std::ranges::greater(),
                    [](auto const& one) { return std::pair(one.second.requests, one.first); });
  return out;
}

}  // namespace tocsin::client
