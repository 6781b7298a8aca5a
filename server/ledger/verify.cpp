#include "server/ledger/verify.hpp"

#include "schema/core/digest.hpp"
#include "schema/log/commitment.hpp"
#include "schema/log/compact_range.hpp"

namespace tocsin::ledger {
namespace {

constexpr std::size_t kFindings = 20;

bool opens(store::LoggedVersion const& row) {
  auto header_salt = core::to_array<32>(row.header_salt), body_salt = core::to_array<32>(row.body_salt);
  if (!header_salt || !body_salt) return false;
  core::Digest leaf =
      log::leaf(log::entry(log::commit_header(*header_salt, row.header), log::commit_body(*body_salt, row.bytes)));
  return core::view(leaf) == row.leaf;
}

}  // namespace

core::Result<LogVerdict> verify_log(store::LogStore& logs) {
  LogVerdict verdict;
  log::CompactRange range;
  auto finding = [&](std::uint64_t index, char const* sentence) {
    if (verdict.findings.size() < kFindings)
      verdict.findings.push_back("leaf " + std::to_string(index) + " " + sentence);
  };
  auto visited = logs.visit(0, [&](store::LoggedVersion const& row) {
    if (row.index != range.size()) finding(row.index, "is out of order");
    core::Digest digest = core::sha256(row.bytes);
    if (core::view(digest) != row.digest) finding(row.index, "has bytes that differ from their digest");
    if (!opens(row)) finding(row.index, "is not reproduced by its header, body and salts");
    if (auto leaf = core::to_array<32>(row.leaf)) range.append(*leaf);
    return true;
  });
  if (!visited && visited.error().code != core::Code::log_inconsistent) return std::unexpected(visited.error());
  if (!visited) verdict.findings.push_back(visited.error().detail);
  auto size = logs.data_size();
  if (!size) return std::unexpected(size.error());
  if (*size != range.size()) verdict.findings.push_back("the counted size of the log is " + std::to_string(*size));
  verdict.size = range.size();
  verdict.root = range.root();
  return verdict;
}

}  // namespace tocsin::ledger
