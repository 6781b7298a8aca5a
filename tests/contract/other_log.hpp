// Another instance with a data log, and what a follower gets of it: leaf hashes, signed checkpoints, openings as the
// door hands them on. Owned by a test; one thread.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/digest.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/commitment.hpp"
#include "schema/log/compact_range.hpp"
#include "server/store/origin_store.hpp"

namespace tocsin::test {

class OtherLog {
 public:
  explicit OtherLog(std::string name = "ibis.example/log")
      : key_(log::SignerKey::make(std::move(name), log::KeyType::signature, log::SigningKey::from_seed({7})).value()) {}

  [[nodiscard]] std::string const& name() const { return key_.verifier().name(); }
  [[nodiscard]] std::uint64_t size() const { return leaves_.size(); }

  // Logs the candidate there; `origin`: its row here.
  store::ForeignObject log(store::RowId origin, store::Candidate candidate,
                           std::vector<store::RowId> collections = {1}) {
    std::string header = log::Header{name(), {1}, size() + 1, 0}.text();
    if (candidate.header_salt == core::Salt{}) candidate.header_salt = core::random_salt();
    if (candidate.body_salt == core::Salt{}) candidate.body_salt = core::random_salt();
    candidate.foreign = store::Candidate::Foreign{origin, size(), std::move(header), size() + 1};
    leaves_.push_back(log::leaf(log::entry(log::commit_header(candidate.header_salt, candidate.foreign->header),
                                           log::commit_body(candidate.body_salt, candidate.bytes))));
    return {std::move(candidate), std::move(collections)};
  }
  void log(core::Digest const& leaf) { leaves_.push_back(leaf); }
  // An entry that the follower may not see.
  void withhold() { leaves_.push_back(core::sha256("withheld " + std::to_string(size()))); }

  [[nodiscard]] store::OriginLog verified(std::uint64_t size) const {
    log::CompactRange range;
    for (auto const& leaf : std::span(leaves_).first(size)) range.append(leaf);
    auto const note = log::sign_checkpoint({name(), size, range.root()}, key_).value();
    return {size, 0, range.serialise(), note.format(), 1'000'000};
  }
  [[nodiscard]] store::OriginLog verified() const { return verified(size()); }

  [[nodiscard]] std::string hashes(std::uint64_t first, std::uint64_t end) const {
    std::string out;
    for (auto const& leaf : std::span(leaves_).subspan(first, end - first)) out += core::view(leaf);
    return out;
  }

 private:
  log::SignerKey key_;
  std::vector<core::Digest> leaves_;
};

}  // namespace tocsin::test
