#include "schema/log/following.hpp"

#include <algorithm>
#include <cstddef>

namespace tocsin::log {
namespace {

constexpr std::size_t kHashBytes = 32;

// Is the signed tree what began as `older`?
core::Result<void> check_begins(Tree const& older, Checkpoint const& next, HashReader const& nodes) {
  auto const proof = consistency_proof(nodes, older.size, next.size);
  if (!proof) return std::unexpected(proof.error());
  if (!verify_consistency(older, {next.size, next.root}, *proof))
    return core::fail(core::Code::log_inconsistent, "The log that is signed does not begin with its first " +
                                                        std::to_string(older.size) + " entries, by its own tiles.");
  return {};
}

}  // namespace

Step step(CompactRange const& verified, Checkpoint const& next) {
  if (next.size > verified.size()) return Step::longer;
  if (next.size < verified.size()) return Step::rollback;
  return next.root == verified.root() ? Step::same : Step::forked;
}

core::Result<CompactRange> extend(CompactRange const& verified, std::string_view hashes, Checkpoint const& next) {
  if (next.size < verified.size())
    return core::fail(core::Code::log_inconsistent, "The checkpoint is of a shorter log than was verified.");
  if (hashes.size() % kHashBytes != 0 || hashes.size() / kHashBytes != next.size - verified.size())
    return core::fail(core::Code::log_inconsistent,
                      "There are more or fewer hashes than leaves between what was verified and the checkpoint.");
  CompactRange range = verified;
  for (; !hashes.empty(); hashes.remove_prefix(kHashBytes))
    range.append(*core::to_array<kHashBytes>(hashes.substr(0, kHashBytes)));
  if (range.root() != next.root)
    return core::fail(core::Code::log_inconsistent, "The leaves from " + std::to_string(verified.size()) +
                                                        " on lead to another root than the one that is signed.");
  return range;
}

core::Result<Checkpoint> pack_end(CompactRange const& verified, Checkpoint const& next, HashReader const& nodes) {
  auto const end = std::min(next.size, (verified.size() / kPackLeaves + 1) * kPackLeaves);
  if (end <= verified.size())
    return core::fail(core::Code::log_inconsistent, "The checkpoint is of no longer log than was verified.");
  if (auto good = check_begins({verified.size(), verified.root()}, next, nodes); !good)
    return std::unexpected(good.error());
  auto const root = tree_root(nodes, end);
  if (!root) return std::unexpected(root.error());
  if (auto good = check_begins({end, *root}, next, nodes); !good) return std::unexpected(good.error());
  return Checkpoint{next.origin, end, *root};
}

}  // namespace tocsin::log
