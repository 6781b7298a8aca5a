#include "server/admission/classes.hpp"

#include "server/access/directory.hpp"

namespace tocsin::admission {
namespace {

using Kind = access::Meaning::Kind;

access::Meaning meaning_elsewhere(stix::Identifier const& marking, AudiencesElsewhere const& agreed) {
  auto const found = agreed.find(marking.uuid());
  if (found == agreed.end()) return {};
  return {Kind::audience, found->second, {}};
}

access::Meaning meaning_of(stix::Identifier const& marking, Visit const& visit) {
  auto meaning = visit.elsewhere != nullptr ? meaning_elsewhere(marking, *visit.elsewhere)
                                            : visit.directory->meaning(marking, visit.asserter);
  if (meaning.kind == Kind::unknown && visit.statements->contains(visit.asserter, marking.uuid()))
    meaning.kind = Kind::statement;
  return meaning;
}

}  // namespace

Classes classes_of(stix::Object const& object, Visit const& visit, std::set<core::Uuid> const& defined_here) {
  auto default_level = static_cast<stix::Tlp>(visit.collection.default_level);
  Classes classes;
  bool left = false;
  classes.own = access::classify(object.markings, default_level, [&](stix::Identifier const& marking) {
    auto meaning = meaning_of(marking, visit);
    left = left || meaning.kind == Kind::left;
    if (meaning.kind != Kind::unknown || !defined_here.contains(marking.uuid())) return meaning;
    classes.relied_statements.push_back(marking.uuid());
    meaning.kind = Kind::statement;
    return meaning;
  });
  if (!classes.relied_statements.empty())
    classes.without = access::classify(object.markings, default_level,
                                       [&](stix::Identifier const& marking) { return meaning_of(marking, visit); });
  if (left)
    classes.in_chain = access::classify(object.markings, default_level, [&](stix::Identifier const& marking) {
      auto meaning = meaning_of(marking, visit);
      if (meaning.kind == Kind::left) meaning.kind = Kind::audience;
      if (meaning.kind == Kind::unknown && defined_here.contains(marking.uuid())) meaning.kind = Kind::statement;
      return meaning;
    });
  return classes;
}

}  // namespace tocsin::admission
