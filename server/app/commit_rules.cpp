#include "server/app/commit_rules.hpp"

#include "server/access/classify.hpp"

namespace tocsin::app {
namespace {

bool covers(std::string_view wide, std::string_view narrow) {
  auto wide_facts = access::parse_class_key(wide), narrow_facts = access::parse_class_key(narrow);
  return wide_facts && narrow_facts && access::covers(*wide_facts, *narrow_facts);
}

bool equal_but_for_epochs(std::string_view a, std::string_view b) {
  auto first = access::parse_class_key(a), second = access::parse_class_key(b);
  return first && second && access::equal_but_for_epochs(*first, *second);
}

}  // namespace

ledger::Rules commit_rules(base::Config const& config, access::Registry& registry) {
  return {
      config.instance.origin,
      config.instance.identity,
      covers,
      equal_but_for_epochs,
      {[&registry](store::CommitOutcome const& outcome) { registry.learn(outcome.new_classes, outcome.new_corners); },
       [&registry] { registry.unlearn(); }}};
}

}  // namespace tocsin::app
