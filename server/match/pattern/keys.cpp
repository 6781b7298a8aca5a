#include "server/match/pattern/keys.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace tocsin::match::pattern {
namespace {

using stix::pattern::Operator;
using Keys = std::optional<std::vector<Key>>;

// The type of a property that holds octets is told by its name; a string constant stands for octets there.
bool holds_octets(stix::pattern::Path const& path) {
  for (auto step = path.steps.rbegin(); step != path.steps.rend(); ++step)
    if (auto const* key = std::get_if<std::string>(&*step)) return key->ends_with("_hex") || key->ends_with("_bin");
  return false;
}

std::optional<Key> equal_key(stix::pattern::Path const& path, stix::pattern::Literal const& value) {
  if (auto const* text = std::get_if<std::string>(&value)) {
    if (holds_octets(path)) return std::nullopt;
    return Key{path, Key::Relation::equal, *text};
  }
  if (auto const* integer = std::get_if<std::int64_t>(&value)) return Key{path, Key::Relation::equal, *integer};
  auto const* decimal = std::get_if<double>(&value);
  if (decimal == nullptr) return std::nullopt;
  bool const whole = std::trunc(*decimal) == *decimal && std::abs(*decimal) < 0x1p63;
  if (whole) return Key{path, Key::Relation::equal, static_cast<std::int64_t>(*decimal)};
  return Key{path, Key::Relation::equal, *decimal};
}

Keys keys_of(stix::pattern::Comparison const& comparison) {
  if (comparison.negated) return std::nullopt;
  std::vector<Key> out;
  if (comparison.op == Operator::is_subset) {
    out.push_back({comparison.path, Key::Relation::inside, std::get<std::string>(comparison.values.front())});
    return out;
  }
  if (comparison.op != Operator::equal && comparison.op != Operator::in) return std::nullopt;
  for (auto const& value : comparison.values) {
    auto key = equal_key(comparison.path, value);
    if (!key) return std::nullopt;
    out.push_back(std::move(*key));
  }
  return out;
}

std::size_t shortest(std::vector<Key> const& keys) {
  std::size_t least = ~std::size_t{0};
  for (auto const& key : keys) {
    auto const* text = std::get_if<std::string>(&key.value);
    least = std::min(least, text != nullptr && key.relation == Key::Relation::equal ? text->size() : 4);
  }
  return least;
}

bool better(Keys const& left, Keys const& right) {
  if (!left || !right) return left.has_value();
  if (left->size() != right->size()) return left->size() < right->size();
  return shortest(*left) > shortest(*right);
}

Keys keys_of(stix::pattern::Test const& test);
Keys keys_of(stix::pattern::Observation const& observation);

template <class Operands>
Keys keys_of_one(Operands const& operands) {
  Keys best;
  for (auto const& operand : operands) {
    auto keys = keys_of(operand);
    if (better(keys, best)) best = std::move(keys);
  }
  return best;
}

template <class Operands>
Keys keys_of_each(Operands const& operands) {
  std::vector<Key> out;
  for (auto const& operand : operands) {
    auto keys = keys_of(operand);
    if (!keys) return std::nullopt;
    std::ranges::move(*keys, std::back_inserter(out));
  }
  return out;
}

Keys keys_of(stix::pattern::Test const& test) {
  if (auto const* comparison = std::get_if<stix::pattern::Comparison>(&test.node)) return keys_of(*comparison);
  auto const& junction = std::get<stix::pattern::Junction>(test.node);
  bool const any = junction.kind == stix::pattern::Junction::Kind::any;
  return any ? keys_of_each(junction.operands) : keys_of_one(junction.operands);
}

Keys keys_of(stix::pattern::Observation const& observation) {
  if (auto const* test = std::get_if<stix::pattern::Test>(&observation.node)) return keys_of(*test);
  auto const& combination = std::get<stix::pattern::Combination>(observation.node);
  bool const any = combination.kind == stix::pattern::Combination::Kind::any;
  return any ? keys_of_each(combination.operands) : keys_of_one(combination.operands);
}

}  // namespace

Keys necessary_keys(stix::pattern::Pattern const& pattern) { return keys_of(pattern.root); }

}  // namespace tocsin::match::pattern
