#include "clients/cpp/usage/profile_item.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "clients/cpp/draft/campaign_items.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::client {
namespace {

using Item = nlohmann::ordered_json;

constexpr std::int64_t kSecondUs = 1'000'000;

std::string time_text(std::int64_t at_us) {
  auto const whole = at_us - at_us % kSecondUs;
  return stix::Timestamp::from_microseconds(whole).text();
}

double rounded(double value) { return std::round(value * 10'000) / 10'000; }

void put(Item& out, char const* name, std::optional<double> value) {
  if (value) out[name] = rounded(*value);
}

void put_pivot(Item& out, Pivot const& pivot) {
  out["release_model"] = pivot.release.model;
  out["release_time"] = time_text(pivot.release.at_us);
  out["release_pivot_seconds"] = pivot.seconds;
  out["release_pivot_share"] = rounded(pivot.share);
}

}  // namespace

Item properties_of(Figures const& figures) {
  auto const& window = figures.window;
  Item out{{"window_start", time_text(window.first * kMinuteUs)},
           {"window_end", time_text((window.first + static_cast<std::int64_t>(window.minutes)) * kMinuteUs)},
           {"account_count", figures.accounts}};
  if (figures.addresses > 0) out["ip_count"] = figures.addresses;
  out["requests_total"] = figures.requests;
  if (auto const& minutely = figures.minutely) {
    out["requests_per_min_p50"] = minutely->p50;
    out["requests_per_min_p95"] = minutely->p95;
    out["requests_per_min_max"] = minutely->max;
  }
  put(out, "active_hours_entropy", figures.active_hours_entropy);
  put(out, "sync_coefficient", figures.sync_coefficient);
  if (figures.capability_top1) out["capability_top1"] = *figures.capability_top1;
  put(out, "capability_top1_share", figures.capability_top1_share);
  put(out, "prompt_entropy", figures.prompt_entropy);
  put(out, "repeat_structure_ratio", figures.repeat_structure_ratio);
  if (figures.output_tokens_p50) out["output_tokens_p50"] = *figures.output_tokens_p50;
  put(out, "reasoning_request_share", figures.reasoning_request_share);
  put(out, "decoy_share", figures.decoy_share);
  if (figures.pivot) put_pivot(out, *figures.pivot);
  if (figures.shared_payment_clusters) out["shared_payment_clusters"] = *figures.shared_payment_clusters;
  return out;
}

Item profile_item(Figures const& figures, std::string const& thresholds) {
  Item out{{"kind", "usage-profile"}, {"ref", "profile"}, {"value", thresholds}, {"method", kUsageMethod}};
  out.update(properties_of(figures));
  for (auto const* count : {"account_count", "ip_count", "requests_total", "shared_payment_clusters"})
    if (auto const found = out.find(count); found != out.end()) *found = shareable(found->get<std::size_t>());
  out["evidence_basis"] = {"behaviour"};
  out["tlp"] = "amber";
  out["description"] = "How " + std::to_string(shareable(figures.accounts)) + " accounts of one cluster used a model.";
  return out;
}

}  // namespace tocsin::client
