#include "server/ledger/audit_verify.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/counted.hpp"
#include "schema/log/audit_leaf.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::ledger {
namespace {

constexpr std::size_t kFindings = 20;

// The time of the entry, by which rows are searched, must be the one that the leaf commits to.
bool tells(std::string_view entry, std::int64_t at_us) {
  auto document = nlohmann::json::parse(entry, nullptr, false);
  auto at = document.is_object() ? document.find("at") : document.end();
  return at != document.end() && at->is_string() &&
         *at == stix::Timestamp::from_microseconds(at_us).text_microseconds();
}

}  // namespace

AuditVerifier::AuditVerifier(std::vector<KnownRoot> known) : known_(std::move(known)) {
  std::ranges::sort(known_, {}, &KnownRoot::size);
  compare();
}

void AuditVerifier::add(store::AuditRow const& row) {
  std::string entry = "entry " + std::to_string(row.position);
  if (row.position != range_.size()) finding("entry " + std::to_string(range_.size()) + " is missing or out of order");
  auto salt = core::to_array<32>(row.salt), leaf = core::to_array<32>(row.leaf);
  if (!salt || !leaf || log::audit_leaf(*salt, row.entry) != *leaf) finding(entry + " does not give its leaf");
  if (!tells(row.entry, row.at_us)) finding(entry + " is filed under another time than its own");
  // Roots are those of the leaves as stored, so that an exported checkpoint shows leaves that were changed too.
  range_.append(leaf.value_or(core::Digest{}));
  compare();
}

void AuditVerifier::compare() {
  for (; compared_ < known_.size() && known_[compared_].size == range_.size(); ++compared_)
    if (known_[compared_].root != range_.root())
      finding("the trail up to entry " + std::to_string(range_.size()) + " is not that of the signed checkpoint");
}

LogVerdict AuditVerifier::finish(std::uint64_t counted) {
  if (counted != range_.size())
    finding("the counted size of the trail is " + std::to_string(counted) + ", but it has " +
            core::counted(range_.size(), "entry", "entries"));
  if (compared_ < known_.size())
    finding("a signed checkpoint says that there were " + core::counted(known_.back().size, "entry", "entries"));
  LogVerdict verdict;
  verdict.size = range_.size();
  verdict.root = range_.root();
  verdict.findings = findings_;
  return verdict;
}

void AuditVerifier::finding(std::string sentence) {
  if (findings_.size() < kFindings) findings_.push_back(std::move(sentence));
}

}  // namespace tocsin::ledger
