#include "server/ledger/audit_verify.hpp"

#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/log/audit_leaf.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

// A trail of entries that hash to their leaves, but for what a test makes of them.
struct Trail {
  struct Row {
    std::uint64_t position;
    std::int64_t at_us;
    std::string entry, salt, leaf;
  };
  std::vector<Row> rows;
  log::CompactRange range;

  void add(std::string entry, std::int64_t at_us) {
    auto const salt = core::random_salt();
    auto const leaf = log::audit_leaf(salt, entry);
    range.append(leaf);
    rows.push_back(
        {rows.size(), at_us, std::move(entry), std::string(core::view(salt)), std::string(core::view(leaf))});
  }
  explicit Trail(std::int64_t entries) {
    for (std::int64_t i = 0; i < entries; ++i) {
      auto entry = store::audit_entry("read", i, {}, nlohmann::json::object());
      add(std::move(entry.text), i);
    }
  }

  [[nodiscard]] std::vector<std::string> findings(std::vector<ledger::KnownRoot> known = {}) const {
    ledger::AuditVerifier verifier(std::move(known));
    for (auto const& row : rows) verifier.add({row.position, row.at_us, row.entry, row.salt, row.leaf});
    return verifier.finish(rows.size()).findings;
  }
};

using Findings = std::vector<std::string>;

}  // namespace

TEST_CASE("a whole trail continues every checkpoint that was signed of it", "[ledger][audit]") {
  Trail const three(3);
  Trail longer = three;
  CHECK(three.findings().empty());
  longer.add(store::audit_entry("read", 3, {}, nlohmann::json::object()).text, 3);
  CHECK(longer.findings({{4, longer.range.root()}, {3, three.range.root()}, {0, log::CompactRange().root()}}).empty());
}

TEST_CASE("checkpoints of another trail, or of a longer one, are told", "[ledger][audit]") {
  Trail const trail(3);
  CHECK(trail.findings({{2, core::sha256("other")}}) ==
        Findings{"the trail up to entry 2 is not that of the signed checkpoint"});
  CHECK(trail.findings({{0, core::sha256("other")}}) ==
        Findings{"the trail up to entry 0 is not that of the signed checkpoint"});
  CHECK(trail.findings({{9, core::sha256("other")}}) == Findings{"a signed checkpoint says that there were 9 entries"});
}

TEST_CASE("an entry that is missing, and a count that is not that of the entries, are told", "[ledger][audit]") {
  Trail trail(3);
  trail.rows.erase(trail.rows.begin() + 1);
  CHECK(trail.findings() == Findings{"entry 1 is missing or out of order"});
  ledger::AuditVerifier none({});
  CHECK(none.finish(1).findings == Findings{"the counted size of the trail is 1, but it has 0 entries"});
}

TEST_CASE("an entry whose own time cannot be read is filed wrongly", "[ledger][audit]") {
  for (char const* entry : {"no JSON", "[]", "{}", R"({"at":7})", R"({"at":"1970-01-01T00:00:00.000001Z"})"}) {
    Trail trail(0);
    trail.add(entry, 0);
    CAPTURE(entry);
    CHECK(trail.findings() == Findings{"entry 0 is filed under another time than its own"});
  }
}

TEST_CASE("however many entries are amiss, the first twenty findings are told", "[ledger][audit]") {
  Trail trail(30);
  for (auto& row : trail.rows) row.leaf.clear();
  auto const findings = trail.findings();
  CHECK(findings.size() == 20);
  CHECK(findings.front() == "entry 0 does not give its leaf");
}
