#include "server/access/classify.hpp"

#include <algorithm>
#include <array>

namespace tocsin::access {
namespace {

constexpr std::array kLevels{stix::Tlp::clear, stix::Tlp::green, stix::Tlp::amber, stix::Tlp::amber_strict,
                             stix::Tlp::red};

}  // namespace

ClassFacts classify(std::span<stix::Identifier const> markings, stix::Tlp default_level,
                    std::function<bool(stix::Identifier const&)> const& is_statement) {
  std::optional<stix::Tlp> strictest;
  ClassFacts facts;
  for (stix::Identifier const& marking : markings) {
    if (auto level = stix::tlp_of(marking))
      strictest = std::max(strictest.value_or(*level), *level);
    else if (!is_statement(marking))
      facts.unknown = true;
  }
  facts.level = strictest.value_or(default_level);
  return facts;
}

std::string class_key(ClassFacts const& facts) {
  return "{\"level\":\"" + std::string(stix::name(facts.level)) +
         "\",\"unknown\":" + (facts.unknown ? "true" : "false") + "}";
}

std::optional<ClassFacts> parse_class_key(std::string_view key) {
  for (stix::Tlp level : kLevels)
    for (bool unknown : {false, true})
      if (ClassFacts facts{level, unknown}; class_key(facts) == key) return facts;
  return std::nullopt;
}

bool sees(Reader const& reader, ClassFacts const& facts) {
  if (!reader.reads_others || facts.unknown) return false;
  if (facts.level > reader.clearance) return false;
  if (facts.level >= stix::Tlp::amber_strict) return false;  // without an audience there is nobody to name
  return !(reader.government && facts.level >= stix::Tlp::amber);
}

bool sees_own(Reader const& reader, ClassFacts const& facts) {
  return !reader.credential_limit || facts.level <= *reader.credential_limit;
}

bool covers(ClassFacts const& wide, ClassFacts const& narrow) {
  if (narrow.unknown) return true;  // only the asserter sees it, who sees everything of its own
  return !wide.unknown && wide.level <= narrow.level;
}

}  // namespace tocsin::access
