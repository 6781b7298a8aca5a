#include "server/admission/harm/subjects.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/letters.hpp"
#include "schema/stix/pattern/comparisons.hpp"
#include "schema/stix/pattern/parse.hpp"

namespace tocsin::admission::harm {
namespace {

using namespace stix::pattern;

enum class Field : std::uint8_t { address, number, domain, agent, mail_domain, account_type, trait, other };

bool steps_are(Path const& path, std::initializer_list<std::string_view> names) {
  return std::ranges::equal(path.steps, names, [](Step const& step, std::string_view name) {
    auto const* key = std::get_if<std::string>(&step);
    return key != nullptr && *key == name;
  });
}

Field field_of(Path const& path) {
  if ((path.type == "ipv4-addr" || path.type == "ipv6-addr") && steps_are(path, {"value"})) return Field::address;
  if (path.type == "autonomous-system" && steps_are(path, {"number"})) return Field::number;
  if (path.type == "domain-name" && steps_are(path, {"value"})) return Field::domain;
  if (path.type == "network-traffic" &&
      steps_are(path, {"extensions", "http-request-ext", "request_header", "User-Agent"}))
    return Field::agent;
  if (path.type != "user-account") return Field::other;
  if (steps_are(path, {"extensions", kinds::kAccountExtension, "email_domain"})) return Field::mail_domain;
  return steps_are(path, {"account_type"}) ? Field::account_type : Field::trait;
}

std::string name_of(std::string const& text) {
  auto out = kinds::lower_case(text);
  if (out.ends_with('.')) out.pop_back();
  return out;
}

// The names that LIKE takes end with what stands behind its last wildcard: whole labels of it.
std::string tail_of(std::string const& text) {
  auto const tail = text.substr(text.find_last_of("%_") + 1);  // npos + 1 is 0
  return name_of(tail.starts_with('.') ? tail.substr(1) : tail);
}

bool has_or(Test const& test) {
  auto const* junction = std::get_if<Junction>(&test.node);
  return junction != nullptr && (junction->kind == Junction::Kind::any ||
                                 std::ranges::any_of(junction->operands, [](Test const& one) { return has_or(one); }));
}

bool has_or(Observation const& observation) {
  auto const* combination = std::get_if<Combination>(&observation.node);
  if (combination == nullptr) return has_or(std::get<Test>(observation.node));
  return combination->kind == Combination::Kind::any ||
         std::ranges::any_of(combination->operands, [](Observation const& one) { return has_or(one); });
}

// Whether all accounts of a type are enough for it, in a branch of an OR or as a whole.
bool is_by_type_alone(Test const& test) {
  auto const* junction = std::get_if<Junction>(&test.node);
  if (junction == nullptr) return field_of(std::get<Comparison>(test.node).path) == Field::account_type;
  auto const alone = [](Test const& one) { return is_by_type_alone(one); };
  return junction->kind == Junction::Kind::any ? std::ranges::any_of(junction->operands, alone)
                                               : std::ranges::all_of(junction->operands, alone);
}

bool is_by_type_alone(Observation const& observation) {
  auto const* combination = std::get_if<Combination>(&observation.node);
  if (combination == nullptr) return is_by_type_alone(std::get<Test>(observation.node));
  auto const alone = [](Observation const& one) { return is_by_type_alone(one); };
  return combination->kind == Combination::Kind::any ? std::ranges::any_of(combination->operands, alone)
                                                     : std::ranges::all_of(combination->operands, alone);
}

class Collector {
 public:
  void take(Comparison const& one) {
    auto const field = field_of(one.path);
    if (field == Field::trait) found_.other_traits = true;
    if (field == Field::other) found_.others = true;
    if (field >= Field::account_type) return;
    if (one.negated || !takes(field, one.op)) {
      unclear_ = true;
      return;
    }
    for (auto const& value : one.values) add(field, one.op, value);
  }

  Subjects finish(bool alternatives) && {
    found_.alternatives = alternatives;
    found_.boundless = unclear_ && (alternatives || found_.names_none());
    return std::move(found_);
  }

 private:
  static bool takes(Field field, Operator op) {
    if (op == Operator::equal || op == Operator::in) return true;
    if (field == Field::address) return op == Operator::is_subset || op == Operator::is_superset;
    return op == Operator::like && (field == Field::domain || field == Field::agent);
  }

  void add(Field field, Operator op, Literal const& value) {
    if (auto const* number = std::get_if<std::int64_t>(&value); number != nullptr && field == Field::number)
      if (*number >= 0 && *number <= std::numeric_limits<access::AsNumber>::max())
        found_.numbers.push_back(static_cast<access::AsNumber>(*number));
    auto const* text = std::get_if<std::string>(&value);
    if (text == nullptr) return;
    if (field == Field::address)
      if (auto const network = access::Network::around(*text)) found_.networks.push_back(*network);
    if (field == Field::domain) found_.domains.push_back(op == Operator::like ? tail_of(*text) : name_of(*text));
    if (field == Field::agent) found_.agents.push_back({*text, op == Operator::like});
    if (field == Field::mail_domain) found_.mail_domains.push_back(name_of(*text));
  }

  Subjects found_;
  bool unclear_ = false;
};

}  // namespace

Subjects subjects_of(std::string_view pattern) {
  auto const parsed = parse(pattern);
  if (!parsed) return {};
  Collector collector;
  for_each_comparison(parsed->root, [&](Comparison const& one) { collector.take(one); });
  auto out = std::move(collector).finish(has_or(parsed->root));
  out.others = out.others || is_by_type_alone(parsed->root);
  return out;
}

}  // namespace tocsin::admission::harm
