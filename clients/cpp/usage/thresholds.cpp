#include "clients/cpp/usage/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "schema/kinds/comparison.hpp"

namespace tocsin::client {
namespace {

using kinds::Operator;
using Comparisons = std::vector<stix::pattern::Comparison>;
using Figure = std::optional<double> (*)(Figures const&);

struct Compared {
  char const* name;
  Figure of;
  bool alone = false;  // it tells something even when nobody else is in the log
};

constexpr Compared kCompared[] = {
    {"sync_coefficient", [](Figures const& of) { return of.sync_coefficient; }, true},
    {"repeat_structure_ratio", [](Figures const& of) { return of.repeat_structure_ratio; }, true},
    {"prompt_entropy", [](Figures const& of) { return of.prompt_entropy; }},
    {"active_hours_entropy", [](Figures const& of) { return of.active_hours_entropy; }},
    {"capability_top1_share", [](Figures const& of) { return of.capability_top1_share; }},
    {"reasoning_request_share", [](Figures const& of) { return of.reasoning_request_share; }},
    {"decoy_share", [](Figures const& of) { return of.decoy_share; }},
    {"release_pivot_share",
     [](Figures const& of) { return of.pivot ? std::optional(of.pivot->share) : std::nullopt; }}};

constexpr double kFifth = 0.2, kMostOfIt = 0.9;

double in_hundredths(double value) { return std::round(value * 100) / 100; }

void add(Comparisons& out, char const* name, Operator op, stix::pattern::Literal value) {
  out.push_back(kinds::comparison("llm-usage-profile", {name}, op, std::move(value)));
}

void add_figure(Comparisons& out, Compared const& figure, double ours, std::optional<double> theirs) {
  if (!theirs) {
    if (ours >= kFifth) add(out, figure.name, Operator::greater_equal, in_hundredths(ours * kMostOfIt));
    return;
  }
  if (std::abs(ours - *theirs) < kFifth * std::max(ours, *theirs)) return;
  auto const between = in_hundredths((ours + *theirs) / 2);
  if (ours > *theirs && ours >= between && between > *theirs)
    add(out, figure.name, Operator::greater_equal, between);
  else if (ours < *theirs && ours <= between && between < *theirs)
    add(out, figure.name, Operator::less_equal, between);
}

}  // namespace

std::optional<std::string> thresholds(Figures const& cluster, std::optional<Figures> const& others,
                                      std::size_t min_accounts) {
  Comparisons told;
  for (auto const& figure : kCompared) {
    auto const ours = figure.of(cluster);
    auto const theirs = others ? figure.of(*others) : std::nullopt;
    if (ours && (theirs || (!others && figure.alone))) add_figure(told, figure, *ours, theirs);
  }
  if (told.empty()) return std::nullopt;
  Comparisons all;
  add(all, "method", Operator::equal, std::string(kUsageMethod));
  add(all, "account_count", Operator::greater_equal, static_cast<std::int64_t>(min_accounts));
  std::ranges::move(told, std::back_inserter(all));
  return kinds::pattern_of(std::move(all));
}

}  // namespace tocsin::client
