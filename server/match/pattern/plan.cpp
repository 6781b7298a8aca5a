#include "server/match/pattern/plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "schema/stix/pattern/print.hpp"
#include "server/match/pattern/observation.hpp"
#include "server/match/pattern/sweep.hpp"

namespace tocsin::match::pattern {
namespace {

using stix::pattern::Combination;
using Expression = stix::pattern::Observation;

struct Range {
  std::int64_t start = std::numeric_limits<std::int64_t>::min();
  std::int64_t stop = std::numeric_limits<std::int64_t>::max();
};

// To the nanosecond; a window is never empty.
std::uint64_t nanoseconds(double seconds) {
  double const wanted = std::round(seconds * 1e9);
  if (wanted >= 0x1p63) return kUnbounded;
  return std::max<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1);
}

class Planner {
 public:
  std::expected<Plan, Unsupported> run(Expression const& root) {
    alternatives(root, {});
    if (failure_) return std::unexpected(std::move(*failure_));
    return std::move(plan_);
  }

 private:
  // OR at the top, where nothing is said of its operands together: each is matched by itself.
  void alternatives(Expression const& expression, Range range) {
    auto const* combination = std::get_if<Combination>(&expression.node);
    bool const open = combination != nullptr && combination->kind == Combination::Kind::any &&
                      std::ranges::all_of(expression.qualifiers, [](auto const& qualifier) {
                        return std::holds_alternative<stix::pattern::StartStop>(qualifier);
                      });
    if (open) {
      range = narrowed(range, expression);
      for (auto const& operand : combination->operands) alternatives(operand, range);
      return;
    }
    auto rest = obligation(expression, range);
    if (!rest) return;
    auto const count = counted(*rest);
    if (!count && size_of(*rest) > Sweep::kMostNodes) {
      failure_ = Unsupported{Unsupported::Reason::too_large, "More observations are joined than are followed at once."};
      return;
    }
    plan_.single = plan_.single && count && count->times == 1;
    plan_.alternatives.push_back(count ? Alternative(*count) : Alternative(std::move(rest)));
  }

  static Range narrowed(Range range, Expression const& expression) {
    for (auto const& qualifier : expression.qualifiers) {
      auto const* limits = std::get_if<stix::pattern::StartStop>(&qualifier);
      if (limits == nullptr) continue;
      range.start = std::max(range.start, instant(limits->start));
      range.stop = std::min(range.stop, instant(limits->stop));
    }
    return range;
  }

  // Null once something is unsupported.
  Rest obligation(Expression const& expression, Range outer) {
    Range const range = narrowed(outer, expression);
    auto const* test = std::get_if<stix::pattern::Test>(&expression.node);
    Rest out = test != nullptr ? leaf_of(*test, range) : combined(std::get<Combination>(expression.node), range);
    if (!out) return nullptr;
    for (auto const& qualifier : expression.qualifiers) {
      if (auto const* within = std::get_if<stix::pattern::Within>(&qualifier))
        out = window(nanoseconds(within->seconds), std::move(out));
      if (auto const* repeats = std::get_if<stix::pattern::Repeats>(&qualifier))
        out = all_of({{std::move(out), static_cast<std::uint64_t>(repeats->times)}});
    }
    return out;
  }

  Rest combined(Combination const& combination, Range range) {
    std::vector<Rest> parts;
    for (auto const& operand : combination.operands) {
      parts.push_back(obligation(operand, range));
      if (!parts.back()) return nullptr;
    }
    if (combination.kind == Combination::Kind::any) return any_of(std::move(parts));
    if (combination.kind == Combination::Kind::followed_by) {
      plan_.ordered = true;
      return sequence(std::move(parts));
    }
    std::vector<Part> all;
    for (auto& part : parts) all.push_back({std::move(part), 1});
    return all_of(std::move(all));
  }

  Rest leaf_of(stix::pattern::Test const& test, Range range) {
    // Equal tests are asked once for each observation.
    auto const [known, added] = tests_.try_emplace(stix::pattern::print({Expression{test, {}}}), plan_.tests.size());
    if (added) {
      auto compiled = Test::compile(test, left_);
      if (!compiled) {
        failure_ = std::move(compiled.error());
        return nullptr;
      }
      plan_.tests.push_back(std::move(*compiled));
    }
    Leaf const wanted{known->second, range.start, range.stop};
    auto const [place, fresh] = leaves_.try_emplace({wanted.test, wanted.start, wanted.stop}, plan_.leaves.size());
    if (fresh) plan_.leaves.push_back(wanted);
    return leaf(place->second);
  }

  static std::optional<Count> counted(Obligation const& rest) {
    bool const windowed = rest.kind == Obligation::Kind::window;
    Obligation const& inner = windowed ? *rest.parts.front().what : rest;
    std::uint64_t const width = windowed ? rest.width : kUnbounded;
    if (inner.kind == Obligation::Kind::leaf) return Count{inner.leaf, 1, width};
    if (inner.kind != Obligation::Kind::all || inner.parts.size() != 1) return std::nullopt;
    Part const& part = inner.parts.front();
    if (part.what->kind != Obligation::Kind::leaf) return std::nullopt;
    return Count{part.what->leaf, part.times, width};
  }

  Plan plan_;
  std::size_t left_ = 4u << 20;  // bytes of all its expressions
  std::map<std::string, std::size_t> tests_;
  std::map<std::tuple<std::size_t, std::int64_t, std::int64_t>, std::size_t> leaves_;
  std::optional<Unsupported> failure_;
};

}  // namespace

std::expected<Plan, Unsupported> plan(stix::pattern::Pattern const& pattern) { return Planner().run(pattern.root); }

}  // namespace tocsin::match::pattern
