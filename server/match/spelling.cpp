#include "server/match/spelling.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <variant>

#include "schema/kinds/letters.hpp"
#include "schema/kinds/network.hpp"
#include "server/match/ip_address.hpp"

namespace tocsin::match {
namespace {

using stix::pattern::Comparison;
using stix::pattern::Operator;

// Of what type and by which property values are compared in lower case.
struct Lower {
  std::string_view type, property;
};
constexpr std::array kLower{Lower{"domain-name", "value"}, Lower{"keyed-identifier", "value"},
                            Lower{"prompt-template", "template_sha256"}, Lower{"tls-fingerprint", "value"},
                            Lower{"user-account", "email_domain"}};

std::string_view property_of(Comparison const& one) {
  auto const* last = one.path.steps.empty() ? nullptr : std::get_if<std::string>(&one.path.steps.back());
  return last == nullptr ? std::string_view() : *last;
}

bool compares_whole(Comparison const& one) {
  return one.op == Operator::equal || one.op == Operator::not_equal || one.op == Operator::in;
}

void respell_text(Comparison& one) {
  auto const is_it = [&](Lower const& each) { return one.path.type == each.type && property_of(one) == each.property; };
  if (!compares_whole(one) || std::ranges::none_of(kLower, is_it)) return;
  for (auto& value : one.values) {
    auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) continue;
    *text = kinds::lower_case(*text);
    if (one.path.type == "domain-name" && text->ends_with('.')) text->pop_back();
  }
}

// Of several values those of the other family are left as they are: a comparison is about one type.
void respell_networks(Comparison& one) {
  bool const about = one.path.type == "ipv4-addr" || one.path.type == "ipv6-addr";
  bool const is_set = one.op == Operator::is_subset || one.op == Operator::is_superset;
  if (!about || property_of(one) != "value" || !(is_set || compares_whole(one))) return;
  for (auto& value : one.values) {
    auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) continue;
    auto const parsed = kinds::parse_networks(*text);
    if (!parsed || parsed->all.size() != 1) continue;
    auto const network = folded(parsed->all.front());
    std::string const type = network.six ? "ipv6-addr" : "ipv4-addr";
    if (one.path.type != type && one.values.size() > 1) continue;
    one.path.type = type;
    *text = text_of(network);
    if (one.op == Operator::equal && text->contains('/')) one.op = Operator::is_subset;
  }
}

void respell(stix::pattern::Test& test) {
  if (auto* junction = std::get_if<stix::pattern::Junction>(&test.node)) {
    for (auto& operand : junction->operands) respell(operand);
    return;
  }
  auto& one = std::get<Comparison>(test.node);
  respell_text(one);
  respell_networks(one);
}

void respell(stix::pattern::Observation& observation) {
  if (auto* combination = std::get_if<stix::pattern::Combination>(&observation.node))
    for (auto& operand : combination->operands) respell(operand);
  else
    respell(std::get<stix::pattern::Test>(observation.node));
}

}  // namespace

void respell(stix::pattern::Pattern& pattern) { respell(pattern.root); }

}  // namespace tocsin::match
