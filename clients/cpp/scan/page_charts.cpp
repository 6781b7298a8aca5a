#include "clients/cpp/scan/page_charts.hpp"

#include <algorithm>
#include <ostream>
#include <vector>

#include "clients/cpp/console.hpp"

namespace tocsin::client {
namespace {

constexpr std::int64_t kWidth = 1'000, kHeight = 220, kBase = 190, kMostBars = 120;

struct Bar {
  std::int64_t first_day = 0, days = 1;
  DayOfRequests requests;
};

std::vector<Bar> bars_of(std::map<std::int64_t, DayOfRequests> const& days) {
  auto const first = days.begin()->first, span = days.rbegin()->first - first + 1;
  auto const together = (span + kMostBars - 1) / kMostBars;
  std::vector<Bar> out(static_cast<std::size_t>((span + together - 1) / together));
  for (std::size_t at = 0; at < out.size(); ++at)
    out[at] = {first + static_cast<std::int64_t>(at) * together, together, {}};
  for (auto const& [day, requests] : days) {
    auto& bar = out[static_cast<std::size_t>((day - first) / together)];
    bar.requests.all += requests.all;
    bar.requests.hit += requests.hit;
  }
  return out;
}

// Of what is more than nothing something is seen.
std::int64_t height_of(std::uint64_t count, std::uint64_t most) {
  constexpr double kMost = 160;
  auto const height = kMost * static_cast<double>(count) / static_cast<double>(most);
  return count == 0 ? 0 : std::max<std::int64_t>(1, static_cast<std::int64_t>(height));
}

void write_bar(std::ostream& out, std::string_view style, double x, double width, std::int64_t height) {
  out << "<rect class=" << style << " x=\"" << x << "\" y=\"" << kBase - height << "\" width=\"" << width
      << "\" height=\"" << height << "\"/>";
}

std::string kinds_text(Suspect const& one) {
  auto const text = evidence_text(one.suggestion);
  return one.suggestion.evidence.size() == 1 ? text + " alone" : text;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (auto const byte : text) switch (byte) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += byte;
    }
  return out;
}

void write_day_chart(std::ostream& out, std::map<std::int64_t, DayOfRequests> const& days) {
  auto const bars = bars_of(days);
  auto const most = std::ranges::max(bars, {}, [](auto const& bar) { return bar.requests.all; }).requests.all;
  auto const step = std::min(60.0, static_cast<double>(kWidth) / static_cast<double>(bars.size()));
  out << "<h2>Requests by day, and those that hit something</h2>\n<svg viewBox=\"0 0 " << kWidth << ' ' << kHeight
      << "\" role=img aria-label=\"Requests by day\">\n<text x=\"0\" y=\"16\">" << grouped(most) << "</text>\n";
  for (std::size_t at = 0; at < bars.size(); ++at) {
    auto const& bar = bars[at];
    out << "<g><title>" << day_text(bar.first_day) << (bar.days > 1 ? " and the days after: " : ": ")
        << grouped(bar.requests.all) << " requests, " << grouped(bar.requests.hit) << " hit something</title>";
    auto const x = step * static_cast<double>(at), width = step * 0.8;
    write_bar(out, "all", x, width, height_of(bar.requests.all, most));
    write_bar(out, "hit", x, width, height_of(bar.requests.hit, most));
    out << "</g>\n";
  }
  out << "<text x=\"0\" y=\"" << kHeight - 10 << "\">" << day_text(bars.front().first_day) << "</text>";
  if (bars.size() > 3)
    out << "<text x=\"" << step * static_cast<double>(bars.size()) << "\" y=\"" << kHeight - 10
        << "\" text-anchor=\"end\">" << day_text(days.rbegin()->first) << "</text>";
  out << "\n</svg>\n";
}

void write_evidence_chart(std::ostream& out, Findings const& findings) {
  std::map<std::string, std::uint64_t> counts;
  for (auto const* some : {&findings.suspects, &findings.others})
    for (auto const& one : *some) ++counts[kinds_text(one)];
  std::vector<std::pair<std::string, std::uint64_t>> rows(counts.begin(), counts.end());
  std::ranges::sort(rows, std::ranges::greater(), [](auto const& row) { return std::pair(row.second, row.first); });
  constexpr std::int64_t kRow = 26, kLabel = 330, kLongest = 560;
  out << "<h2>Accounts by the kinds of evidence that they have</h2>\n<svg viewBox=\"0 0 " << kWidth << ' '
      << kRow * static_cast<std::int64_t>(rows.size()) << "\" role=img aria-label=\"Accounts by kinds of evidence\">\n";
  std::int64_t y = 0;
  for (auto const& [kinds, count] : rows) {
    auto const width = std::max<std::uint64_t>(1, count * kLongest / rows.front().second);
    out << "<text x=\"0\" y=\"" << y + 16 << "\">" << escaped(kinds)
        << "</text><rect class=" << (kinds.ends_with(" alone") ? "all" : "hit") << " x=\"" << kLabel << "\" y=\""
        << y + 4 << "\" width=\"" << width << "\" height=\"" << kRow - 8 << "\"/><text x=\""
        << kLabel + static_cast<std::int64_t>(width) + 8 << "\" y=\"" << y + 16 << "\">" << grouped(count)
        << "</text>\n";
    y += kRow;
  }
  out << "</svg>\n";
}

}  // namespace tocsin::client
