#include "clients/cpp/usage/log_window.hpp"

#include "schema/stix/timestamp.hpp"

namespace tocsin::client {
namespace {

Outcome<std::int64_t> parse_bound(std::string const& text, char const* option) {
  auto const at = stix::Timestamp::parse(text.contains('T') ? text : text + "T00:00:00Z");
  if (at) return at->microseconds();
  return fail(Exit::local, std::string(option) + " is no time.", "Write 2026-01-31 or 2026-01-31T12:00:00Z.");
}

}  // namespace

Outcome<LogWindow> LogWindow::parse(std::optional<std::string> const& from, std::optional<std::string> const& until) {
  LogWindow out;
  if (from) {
    auto const at = parse_bound(*from, "--from");
    if (!at) return std::unexpected(at.error());
    out.from_us_ = *at;
    out.first_ = minute_of(*at);
  }
  if (until) {
    auto const at = parse_bound(*until, "--until");
    if (!at) return std::unexpected(at.error());
    out.until_us_ = *at;
    out.last_ = minute_of(*at - 1);
  }
  if (from && until && (*out.from_us_ >= *out.until_us_ || out.last_ - out.first_ >= kMostMinutes))
    return fail(Exit::local, "--from and --until name no time, or one of more than 400 days.",
                "Let --until be later than --from.");
  return out;
}

bool LogWindow::take(std::int64_t at_us) {
  if ((from_us_ && at_us < *from_us_) || (until_us_ && at_us >= *until_us_)) {
    ++outside_;
    return false;
  }
  auto const minute = minute_of(at_us);
  auto const first = std::min(first_, minute), last = std::max(last_, minute);
  if (last - first >= kMostMinutes) {
    too_long_ = true;
    return false;
  }
  first_ = first;
  last_ = last;
  return true;
}

Window LogWindow::window() const {
  if (first_ > last_) return {};
  return {first_, static_cast<std::size_t>(last_ - first_ + 1)};
}

}  // namespace tocsin::client
