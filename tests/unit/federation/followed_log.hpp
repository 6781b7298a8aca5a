// A log as its origin signs it and as it was verified here: whatever is made of it, its key signed. Owned by a test;
// one thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/log/checkpoint.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/proofs.hpp"
#include "server/store/origin_store.hpp"

namespace tocsin::test {

using Leaves = std::vector<core::Digest>;

inline Leaves numbered_leaves(std::size_t count, std::string const& what = "entry") {
  Leaves out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(log::leaf_hash(what + " " + std::to_string(i)));
  return out;
}

// The same leaves but for number `at`.
inline Leaves with_another(Leaves leaves, std::size_t at) {
  leaves.at(at) = log::leaf_hash("another entry");
  return leaves;
}

inline log::Note signed_at(Leaves const& leaves, std::size_t size, log::SignerKey const& key) {
  auto const root = log::tree_root(log::reader_of(leaves), size).value();
  return log::sign_checkpoint({key.verifier().name(), size, root}, key).value();
}
inline std::string note_at(Leaves const& leaves, std::size_t size, log::SignerKey const& key) {
  return signed_at(leaves, size, key).format();
}

// Origins in memory, of which each log has the leaves that a test gives it. What is written is the pull's, and not
// here.
class Origins final : public store::OriginStore {
 public:
  // `leaves` of the data log are verified, and were signed so.
  store::RowId follow(log::SignerKey const& key, Leaves const& leaves) {
    store::Origin one;
    one.row = static_cast<store::RowId>(known_.size()) + 1;
    one.name = key.verifier().name();
    known_.push_back(one);
    data_.emplace_back();
    grow(one.row, key, leaves);
    return one.row;
  }
  void grow(store::RowId row, log::SignerKey const& key, Leaves const& leaves) {
    auto const place = static_cast<std::size_t>(row) - 1;
    data_.at(place) = leaves;
    known_.at(place).data.size = leaves.size();
    known_.at(place).data.checkpoint = note_at(leaves, leaves.size(), key);
  }
  // As in the midst of a long log: the note is of its first entries.
  void note(store::RowId row, std::string note) {
    known_.at(static_cast<std::size_t>(row) - 1).data.checkpoint = std::move(note);
  }
  void apply(store::RowId row, std::uint64_t size) { known_.at(static_cast<std::size_t>(row) - 1).data.applied = size; }

  core::Result<std::vector<store::Origin>> origins() override { return known_; }
  core::Result<std::optional<store::Origin>> origin(std::string const& name) override {
    auto const found = std::ranges::find(known_, name, &store::Origin::name);
    return found == known_.end() ? std::nullopt : std::optional(*found);
  }
  core::Result<std::string> hashes(store::RowId origin, store::LogName name, std::uint64_t first,
                                   std::uint64_t count) override {
    auto const& leaves = data_.at(static_cast<std::size_t>(origin) - 1);
    if (name != store::LogName::data || first + count > leaves.size())
      return core::fail(core::Code::log_inconsistent, "A leaf is missing.");
    std::string out;
    for (auto i = first; i < first + count; ++i) out += core::view(leaves.at(i));
    read += count;
    return out;
  }
  core::Result<store::RowId> follow(std::string const&) override { return unused(); }
  core::Result<void> verified(store::RowId, store::LogName, store::OriginLog const&, std::string_view) override {
    return unused();
  }
  core::Result<void> begin_again(store::RowId) override { return unused(); }
  core::Result<store::Completeness> completeness(store::RowId, std::int64_t) override { return unused(); }
  core::Result<std::vector<core::Salt>> opened_heads(store::RowId, std::size_t) override { return salts; }
  core::Result<std::vector<store::HeadVerdict>> compare_heads(store::RowId,
                                                              std::vector<store::ShownHead> const& heads) override {
    compared.insert(compared.end(), heads.begin(), heads.end());
    return std::vector(heads.size(), verdict);
  }

  std::uint64_t read = 0;         // hashes
  std::vector<core::Salt> salts;  // of heads that were opened
  std::vector<store::ShownHead> compared;
  store::HeadVerdict verdict = store::HeadVerdict::fits;

 private:
  static std::unexpected<core::Error> unused() {
    return core::fail(core::Code::internal, "Nothing of this test writes what was verified.");
  }

  std::vector<store::Origin> known_;
  std::vector<Leaves> data_;
};

}  // namespace tocsin::test
