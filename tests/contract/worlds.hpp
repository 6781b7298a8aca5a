// Small worlds of publications for tests of any store: candidates with chosen facts, and rules that accept as the
// ledger does.
#pragma once

#include <string>

#include "schema/core/digest.hpp"
#include "server/access/classify.hpp"
#include "server/ledger/rules.hpp"
#include "server/store/rows.hpp"

namespace tocsin::test {

inline ledger::Rules real_rules(ledger::Announcing announcing = {}) {
  return ledger::Rules(
      "test/log", "identity--0c5c6d5e-0000-4000-8000-000000000001",
      [](std::string_view wide, std::string_view narrow) {
        return access::covers(access::parse_class_key(wide).value(), access::parse_class_key(narrow).value());
      },
      [](std::string_view a, std::string_view b) {
        auto first = access::parse_class_key(a), second = access::parse_class_key(b);
        return first && second && access::equal_but_for_epochs(*first, *second);
      },
      std::move(announcing));
}

inline store::Candidate make_candidate(store::RowId asserter, core::Uuid const& uuid, std::int64_t modified_ns,
                                       access::ClassFacts facts, std::string const& type = "indicator",
                                       std::string const& text = "") {
  store::Candidate candidate;
  candidate.asserter = asserter;
  candidate.type = type;
  candidate.uuid = uuid;
  candidate.modified_ns = modified_ns;
  candidate.created_ns = 1;
  candidate.class_key = access::class_key(facts);
  candidate.kind = type;
  candidate.logged = facts.level != stix::Tlp::red;
  candidate.bytes = "{\"id\":\"" + type + "--" + core::to_text(uuid) +
                    "\",\"modified\":" + std::to_string(modified_ns) + ",\"text\":\"" + text + "\"}";
  candidate.digest = core::sha256(candidate.bytes);
  return candidate;
}

}  // namespace tocsin::test
