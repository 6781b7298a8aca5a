#include "clients/cpp/usage/releases.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "schema/stix/timestamp.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kMostReleases = 1'000;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

std::optional<Release> parse_release(std::string_view line) {
  auto const comma = line.rfind(',');
  if (comma == line.npos) return std::nullopt;
  auto const model = trimmed(line.substr(0, comma));
  auto const at = stix::Timestamp::parse(trimmed(line.substr(comma + 1)));
  if (model.empty() || !at) return std::nullopt;
  return Release{std::string(model), at->microseconds()};
}

}  // namespace

Outcome<std::vector<Release>> parse_releases(std::string_view text) {
  std::vector<Release> out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto const end = text.find('\n');
    auto const line = trimmed(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.empty() || (number == 1 && line == "model,released")) continue;
    auto release = parse_release(line);
    if (!release || out.size() == kMostReleases)
      return fail(Exit::local,
                  "Line " + std::to_string(number) + " of the releases is not MODEL,TIME, or one too many.",
                  "Write at most 1,000 lines like: example-2,2026-05-01T17:00:00Z");
    out.push_back(std::move(*release));
  }
  std::ranges::sort(out, {}, [](Release const& release) { return std::tie(release.at_us, release.model); });
  return out;
}

Pivots::Pivots(std::vector<Release> releases) {
  for (auto& release : releases) days_.push_back({std::move(release)});
}

void Pivots::add(std::string_view model, std::int64_t at_us) {
  auto const time = [](Day const& day) { return day.release.at_us; };
  for (auto day = std::ranges::upper_bound(days_, at_us - kDayUs, {}, time);
       day != days_.end() && day->release.at_us <= at_us; ++day) {
    auto const hour = static_cast<std::size_t>((at_us - day->release.at_us) / kHourUs);
    ++day->all[hour];
    if (model == day->release.model) ++day->to_model[hour];
  }
}

Pivot Pivots::pivot_of(Day const& day, std::uint64_t all, std::uint64_t to_model) {
  std::size_t hour = 0;  // to_model / all of the hour ≥ half of that of the day, without a division
  while (day.all[hour] == 0 || 2 * day.to_model[hour] * all < day.all[hour] * to_model) ++hour;
  return {day.release, static_cast<double>(to_model) / static_cast<double>(all),
          static_cast<std::int64_t>(hour) * (kHourUs / 1'000'000)};
}

std::optional<Pivot> Pivots::greatest(Window const& window) const {
  std::optional<Pivot> out;
  auto const end = (window.first + static_cast<std::int64_t>(window.minutes)) * kMinuteUs;
  for (auto const& day : days_) {
    auto const all = std::accumulate(day.all.begin(), day.all.end(), std::uint64_t{0});
    auto const to_model = std::accumulate(day.to_model.begin(), day.to_model.end(), std::uint64_t{0});
    bool const inside = day.release.at_us >= window.first * kMinuteUs && day.release.at_us + kDayUs <= end;
    if (!inside || all < kLeast || to_model == 0) continue;
    auto const pivot = pivot_of(day, all, to_model);
    if (!out || pivot.share > out->share) out = pivot;
  }
  return out;
}

}  // namespace tocsin::client
