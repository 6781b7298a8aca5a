#include "server/stream/subjects.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"
#include "schema/stix/pattern/comparisons.hpp"
#include "schema/stix/pattern/parse.hpp"

namespace tocsin::stream {
namespace {

using namespace stix::pattern;

constexpr std::string_view kAutonomousSystem = "autonomous-system";
bool is_address_type(std::string_view type) { return type == "ipv4-addr" || type == "ipv6-addr"; }

class Collector {
 public:
  void network(std::string_view text) {
    if (auto network = access::Network::around(text)) found_.networks.push_back(*network);
  }
  void number(std::int64_t number) {
    if (number >= 0 && number <= std::numeric_limits<AsNumber>::max())
      found_.numbers.push_back(static_cast<AsNumber>(number));
  }
  void pattern(Pattern const& pattern) {
    for_each_comparison(pattern.root, [this](Comparison const& one) { comparison(one); });
  }

  Subjects take() {
    auto& networks = found_.networks;
    std::ranges::sort(networks);
    // A network that lies inside another comes after it, and nothing that lies outside stands between.
    auto inside = [](access::Network const& wide, access::Network const& narrow) { return wide.contains(narrow); };
    networks.erase(std::unique(networks.begin(), networks.end(), inside), networks.end());
    std::ranges::sort(found_.numbers);
    found_.numbers.erase(std::unique(found_.numbers.begin(), found_.numbers.end()), found_.numbers.end());
    return std::move(found_);
  }

 private:
  void comparison(Comparison const& one) {
    bool equality = one.op == Operator::equal || one.op == Operator::in;
    bool subset = one.op == Operator::is_subset || one.op == Operator::is_superset;
    if (one.negated || one.path.steps.size() != 1) return;
    auto const* property = std::get_if<std::string>(&one.path.steps.front());
    if (property == nullptr) return;
    for (Literal const& value : one.values) {
      auto const* text = std::get_if<std::string>(&value);
      auto const* integer = std::get_if<std::int64_t>(&value);
      if (is_address_type(one.path.type) && *property == "value" && (equality || subset) && text != nullptr)
        network(*text);
      if (one.path.type == kAutonomousSystem && *property == "number" && equality && integer != nullptr)
        number(*integer);
    }
  }

  Subjects found_;
};

std::string_view text_of(stix::Json const& object, char const* name) {
  auto found = object.find(name);
  return found != object.end() && found->is_string() ? std::string_view(found->get_ref<std::string const&>())
                                                     : std::string_view();
}

void read_indicator(stix::Json const& object, Collector& into) {
  if (text_of(object, "pattern_type") != "stix") return;
  if (auto pattern = parse(text_of(object, "pattern"))) into.pattern(*pattern);
}

// A look at the text spares most indicators being parsed.
bool may_name_any(std::string_view bytes) {
  return std::ranges::any_of(std::array<std::string_view, 3>{"ipv4-addr", "ipv6-addr", kAutonomousSystem},
                             [&](std::string_view type) { return bytes.find(type) != std::string_view::npos; });
}

}  // namespace

std::span<std::string const> subject_types() {
  static std::array<std::string, 4> const kTypes{"autonomous-system", "indicator", "ipv4-addr", "ipv6-addr"};
  return kTypes;
}

Subjects subjects_of(std::string_view type, std::string_view bytes) {
  if (std::ranges::find(subject_types(), type) == subject_types().end()) return {};
  if (type == "indicator" && !may_name_any(bytes)) return {};
  auto object = stix::parse_json(bytes);
  if (!object || !object->is_object()) return {};
  Collector found;
  if (type == "indicator") read_indicator(*object, found);
  if (is_address_type(type)) found.network(text_of(*object, "value"));
  if (auto number = object->find("number");
      type == kAutonomousSystem && number != object->end() && number->is_number_integer())
    found.number(number->get<std::int64_t>());
  return found.take();
}

}  // namespace tocsin::stream
