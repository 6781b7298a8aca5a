#include "server/ledger/verify_heads.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

#include "schema/log/header.hpp"
#include "schema/log/numbering.hpp"
#include "schema/log/openings.hpp"
#include "server/store/origin_store.hpp"

namespace tocsin::ledger {
namespace {

constexpr std::size_t kFindings = 20;

// "": nothing. `count`: of the entries that the head says there were.
std::string mistake_in(store::FollowedHead const& row, std::uint64_t& count) {
  if (row.leaf.empty()) return "is stored, and was not verified";
  auto const opened = log::parse_openings(row.opening);
  if (!opened || opened->origin != row.origin || opened->entries.size() != 1 ||
      opened->entries.front().index != row.index)
    return "has an opening that is none of its place";
  auto const& entry = opened->entries.front();
  if (core::view(entry.leaf()) != row.leaf) return "is not the leaf of its opening";
  if (core::view(entry.body_salt) != row.body_salt) return "would be asked for by a salt that is not that of its body";
  auto const header = log::Header::parse(entry.header);
  auto const head = log::Head::parse(entry.body);
  if (!header || !head || header->op != log::Header::Op::head || header->class_sequence != head->count)
    return "is no head";
  if (core::view(header->class_token) != row.token) return "is of another numbering";
  count = head->count;
  return "";
}

// Heads of one numbering, in the order of their places. The oldest may be forgotten.
class Numbering {
 public:
  [[nodiscard]] bool has(store::FollowedHead const& row) const {
    return last_ && origin_ == row.origin && token_ == row.token;
  }
  // "": nothing.
  std::string goes_on_with(store::FollowedHead const& row, std::uint64_t count) {
    bool const is_first = !has(row);
    auto const before = last_;
    origin_ = row.origin;
    token_ = row.token;
    last_ = Last{row.rank, row.index, count, row.newest, row.headed};
    if (!is_first && before->rank >= row.rank) return "is ranked before an older one of its numbering";
    return "";
  }
  // Of what was gone through last; "": it led to its newest head.
  [[nodiscard]] std::string end() const {
    if (!last_ || (last_->index == last_->newest && last_->count == last_->headed)) return "";
    return "head " + std::to_string(last_->index) + " of the origin " + origin_ +
           " is not the newest that was followed of its numbering, which is " + std::to_string(last_->newest);
  }

 private:
  struct Last {
    std::uint64_t rank = 0, index = 0, count = 0, newest = 0, headed = 0;
  };
  std::string origin_, token_;
  std::optional<Last> last_;
};

// Of one origin. They are ranked one after the other as they come, and only those before the newest kMostHeads may be
// forgotten. "": none is missing among these.
std::string missing_among(std::string const& origin, std::vector<std::uint64_t> ranks) {
  std::ranges::sort(ranks);
  auto const newest = ranks.back(), kept = std::min<std::uint64_t>(newest, store::kMostHeads);
  auto const there = static_cast<std::uint64_t>(
      std::ranges::count_if(ranks, [&](std::uint64_t rank) { return rank > newest - kept; }));
  if (there >= kept) return "";
  return "of the newest " + std::to_string(kept) + " heads of the origin " + origin + " " +
         std::to_string(kept - there) + " are missing";
}

}  // namespace

core::Result<std::vector<std::string>> verify_heads(store::LogStore& logs) {
  std::vector<std::string> findings;
  auto const tell = [&](std::string sentence) {
    if (!sentence.empty()) findings.push_back(std::move(sentence));
  };
  Numbering numbering;
  std::map<std::string, std::vector<std::uint64_t>> ranks;  // by origin; kMostHeads each, and one of a numbering more
  auto const visited = logs.visit_heads([&](store::FollowedHead const& row) {
    if (!numbering.has(row)) tell(numbering.end());
    ranks[std::string(row.origin)].push_back(row.rank);
    std::uint64_t count = row.headed;  // of what is no head nothing is said twice
    auto mistake = mistake_in(row, count);
    auto const out_of_order = numbering.goes_on_with(row, count);
    if (mistake.empty()) mistake = out_of_order;
    if (!mistake.empty())
      tell("head " + std::to_string(row.index) + " of the origin " + std::string(row.origin) + " " + mistake);
    return findings.size() < kFindings;
  });
  if (!visited) return std::unexpected(visited.error());
  if (findings.size() >= kFindings) return findings;
  tell(numbering.end());
  for (auto& [origin, all] : ranks) tell(missing_among(origin, std::move(all)));
  return findings;
}

}  // namespace tocsin::ledger
