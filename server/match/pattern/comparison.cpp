#include "server/match/pattern/comparison.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tocsin::match::pattern {
namespace {

using stix::pattern::Operator;

// An address or a CIDR, and not one of the other spellings that members may submit.
std::optional<kinds::Network> network_of(std::string_view text) {
  if (text.contains('-')) return std::nullopt;
  auto const networks = kinds::parse_networks(text);
  if (!networks || networks->all.size() != 1) return std::nullopt;
  return networks->all.front();
}

// Sets of addresses are never of two families: an IPv4 address mapped into IPv6 is none of IPv4.
bool within(kinds::Network const& inner, kinds::Network const& outer) {
  if (inner.six != outer.six || inner.length < outer.length) return false;
  for (unsigned bit = 0; bit < outer.length; bit += 8) {
    unsigned const shown = std::min(8u, outer.length - bit);
    auto const mask = static_cast<std::uint8_t>(0xFFu << (8 - shown));
    if (((inner.bytes[bit / 8] ^ outer.bytes[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

bool stands(Operator op, std::partial_ordering order) {
  switch (op) {
    case Operator::equal:
      return order == 0;
    case Operator::not_equal:
      return order != 0;
    case Operator::less:
      return order < 0;
    case Operator::less_equal:
      return order <= 0;
    case Operator::greater:
      return order > 0;
    case Operator::greater_equal:
      return order >= 0;
    default:
      return false;
  }
}

}  // namespace

Comparison::Comparison(stix::pattern::Comparison const& comparison)
    : path_(comparison.path), operator_(comparison.op), negated_(comparison.negated) {}

std::expected<Comparison, Unsupported> Comparison::compile(stix::pattern::Comparison const& comparison) {
  Comparison out(comparison);
  auto const form = out.path_.form();
  switch (comparison.op) {
    case Operator::like:
    case Operator::matches: {
      auto const& constant = std::get<std::string>(comparison.values.front());
      auto text = comparison.op == Operator::like ? TextMatch::like(constant, form) : TextMatch::regex(constant, form);
      if (!text) return std::unexpected(std::move(text.error()));
      out.text_ = std::move(*text);
      break;
    }
    case Operator::is_subset:
    case Operator::is_superset:
      out.network_ = network_of(std::get<std::string>(comparison.values.front()));
      if (!out.network_)
        return std::unexpected(Unsupported{Unsupported::Reason::network,
                                           "ISSUBSET and ISSUPERSET compare addresses and networks in CIDR notation."});
      break;
    default:
      for (auto const& value : comparison.values) out.operands_.emplace_back(value);
  }
  return out;
}

bool Comparison::holds(Object const& object, Observation const& around) const {
  if (object.type != path_.type()) return false;
  if (operator_ == Operator::exists)
    return path_.any(*object.document, around, [](stix::Json const&) { return true; }) != negated_;
  return path_.any(*object.document, around, [this](stix::Json const& value) { return relates(value) != negated_; });
}

bool Comparison::relates(stix::Json const& value) const {
  if (text_) return value.is_string() && text_->holds(value.get_ref<std::string const&>());
  if (network_) return value.is_string() && relates_networks(value.get_ref<std::string const&>());
  if (operator_ == Operator::in)
    return std::ranges::any_of(operands_, [&](Operand const& each) { return each.order(value, path_.form()) == 0; });
  return stands(operator_, operands_.front().order(value, path_.form()));
}

bool Comparison::relates_networks(std::string_view value) const {
  auto const network = network_of(value);
  if (!network) return false;
  return operator_ == Operator::is_subset ? within(*network, *network_) : within(*network_, *network);
}

}  // namespace tocsin::match::pattern
