#include "schema/log/following.hpp"

#include <cstddef>

namespace tocsin::log {
namespace {

constexpr std::size_t kHashBytes = 32;

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
    return core::fail(core::Code::log_inconsistent, "The new leaves lead to another root than the one that is signed.");
  return range;
}

}  // namespace tocsin::log
