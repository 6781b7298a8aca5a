#include "tests/integration/store/random_deeds.hpp"

#include <utility>

#include "schema/core/digest.hpp"
#include "schema/log/commitment.hpp"

namespace tocsin::test {
namespace {

constexpr store::RowId kOrganisations = 3, kCollections = 3;
constexpr store::RowId kOrigin = 1, kPeer = kOrganisations + 1;  // who asserts what another instance logged

store::RowId row_below(Random& random, store::RowId count) {
  return static_cast<store::RowId>(random.below(static_cast<std::size_t>(count))) + 1;
}

access::ClassFacts facts_of(std::size_t choice) {
  constexpr stix::Tlp kLevels[] = {stix::Tlp::clear, stix::Tlp::green, stix::Tlp::amber, stix::Tlp::red};
  return {kLevels[choice % 4], choice % 7 == 0};
}

}  // namespace

core::Uuid RandomDeeds::uuid() {
  core::Uuid out{};
  for (auto& byte : out) byte = static_cast<std::uint8_t>(random_.number());
  return out;
}

void RandomDeeds::finish(store::Candidate& candidate) {
  candidate.bytes += std::string(random_.below(random_.chance(5) ? 9'000 : 300), ' ');  // some need pages of their own
  candidate.digest = core::sha256(candidate.bytes);
  for (auto& byte : candidate.header_salt) byte = static_cast<std::uint8_t>(random_.number());
  for (auto& byte : candidate.body_salt) byte = static_cast<std::uint8_t>(random_.number());
  candidate.body_commitment = log::commit_body(candidate.body_salt, candidate.bytes);
  if (random_.chance(10)) candidate.note = "a note " + std::to_string(random_.below(1'000));
}

// Of one value or two, which others may be of too.
kinds::Searchable RandomDeeds::searchable() {
  kinds::Searchable out;
  for (std::size_t i = 0, values = 1 + random_.below(2), octet = random_.below(20); i < values; ++i)
    out.keys.push_back(
        kinds::keys_of_value("ip-range", "198.51.100." + std::to_string(100 + octet + i)).value().front().first);
  if (random_.chance(20)) out.facets = {kinds::label_facet("seen")};
  return out;
}

store::Candidate RandomDeeds::fresh(store::RowId asserter) {
  bool statement = random_.chance(4);
  auto made = make_candidate(asserter, uuid(), next_modified_ns_++, facts_of(random_.below(8)),
                             statement            ? "marking-definition"
                             : random_.chance(70) ? "indicator"
                                                  : "ipv4-addr");
  made.unversioned = statement || made.type == "ipv4-addr";
  if (made.unversioned) made.modified_ns = 0;
  made.statement_marking = statement;
  if (statement) statements_.push_back(made.uuid);
  if (random_.chance(30))
    made.creator = "identity--" + core::to_text(core::Uuid{7, static_cast<std::uint8_t>(random_.below(5))});
  if (made.type == "ipv4-addr") made.value_key = uuid();
  if (made.type == "indicator" && random_.chance(50)) {
    made.kind = "ip-range";
    made.searchable = searchable();
  }
  if (!statement && !statements_.empty() && random_.chance(10)) {
    made.relied_statements = {random_.pick(statements_)};
    made.class_key_without = access::class_key({stix::Tlp::green, true});
    made.note_without = "a statement is missing";
  }
  finish(made);
  return made;
}

// A later version, the same again, or what the rules refuse.
store::Candidate RandomDeeds::another(store::Candidate const& earlier) {
  store::Candidate made = earlier;
  if (random_.chance(40)) return made;
  if (!made.unversioned && random_.chance(85)) made.modified_ns = next_modified_ns_++;
  made.revoked = !made.unversioned && random_.chance(10);
  if (made.searchable && random_.chance(30)) made.searchable = searchable();
  if (random_.chance(5)) made.class_key = access::class_key(facts_of(random_.below(8)));
  if (random_.chance(5)) made.asserter = row_below(random_, kOrganisations);
  finish(made);
  return made;
}

store::Candidate RandomDeeds::candidate(store::RowId asserter) {
  store::Candidate made = known_.empty() || random_.chance(55) ? fresh(asserter) : another(random_.pick(known_));
  made.asserter = asserter;
  known_.push_back(made);
  return made;
}

ledger::Submission RandomDeeds::submission(std::size_t objects) {
  ledger::Submission out;
  out.asserter = out.record.organisation = row_below(random_, kOrganisations);
  out.collection = out.record.collection = row_below(random_, kCollections);
  out.record.id = uuid();
  if (random_.chance(10)) out.record.refused.push_back({"indicator--?", "", "unreadable"});
  for (std::size_t i = 0; i < objects; ++i) out.candidates.push_back(candidate(out.asserter));
  return out;
}

std::vector<ledger::Submission> RandomDeeds::one_object() {
  auto out = submission(0);
  out.candidates.push_back(fresh(out.asserter));
  return {std::move(out)};
}

void RandomDeeds::act(FaultyWorld& world) {
  if (random_.chance(70)) world.advance_clock(static_cast<std::int64_t>(random_.below(5'000)) - 1'000);
  switch (random_.below(12)) {
    case 0:
      return withdraw(world);
    case 1:
      return change_account(world);
    case 2:
      return world.checkpoint();
    case 3:
      return world.hold_snapshot(random_.chance(40));
    case 4:
    case 5:
      return follow(world);
    default:
      break;
  }
  std::vector<ledger::Submission> together;
  for (std::size_t i = random_.below(4) + 1; i > 0; --i)
    together.push_back(submission(random_.chance(8) ? 10 + random_.below(40) : random_.below(5)));
  world.submit(std::move(together));
}

void RandomDeeds::withdraw(FaultyWorld& world) {
  if (known_.empty()) return;
  auto const& what = random_.pick(known_);
  store::Withdrawal withdrawal{row_below(random_, kCollections), what.type, what.uuid, {}, std::nullopt};
  if (!what.unversioned && random_.chance(50)) withdrawal.versions_ns = {what.modified_ns};
  if (random_.chance(50)) {
    withdrawal.own.emplace();
    withdrawal.own->asserter = what.asserter;
    for (store::RowId row = 1; row < 8; ++row) withdrawal.own->own.insert(row);
  }
  world.withdraw(withdrawal);
}

void RandomDeeds::follow(FaultyWorld& world) {
  for (std::size_t i = random_.below(12); i > 0; --i) {
    if (random_.chance(30)) other_.withhold();
    std::vector<store::RowId> collections{row_below(random_, kCollections)};
    if (random_.chance(30)) collections.push_back(collections.front() % kCollections + 1);
    logged_.push_back(other_.log(kOrigin, candidate(kPeer), std::move(collections)));
  }
  bool const again = random_.chance(15);
  std::size_t const most = 1 + random_.below(40);
  if (again) world.follow_again();
  world.follow(other_, logged_, most);
}

void RandomDeeds::change_account(FaultyWorld& world) {
  std::string name = core::to_text(uuid());
  if (!tokens_.empty() && random_.chance(30)) {
    std::string token = std::exchange(tokens_[random_.below(tokens_.size())], tokens_.back());
    tokens_.pop_back();
    return world.change_account(
        [token](store::AccountStore& accounts) { return accounts.revoke_credential(token, 5); });
  }
  std::size_t kind = random_.below(3);
  if (kind == 1) tokens_.push_back(name);
  world.change_account([name, kind](store::AccountStore& accounts) -> core::Result<void> {
    core::Result<store::RowId> row;
    if (kind == 0) row = accounts.add(store::Organisation{0, name, "lab", 3, "identity--" + name, "", false, 1});
    if (kind == 1) {
      store::Credential credential;
      credential.token_id = name;
      credential.organisation = 1;
      credential.label = "a label";
      row = accounts.add(credential);
    }
    if (kind == 2) row = accounts.add(store::Collection{0, name, name, name, "text", 1, 1});
    if (!row) return std::unexpected(row.error());
    return {};
  });
}

}  // namespace tocsin::test
