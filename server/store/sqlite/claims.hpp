// The table of claims. Claims is owned by Commits, inside whose transactions it writes; ClaimReads by the reader whose
// connection it uses. Each on the thread of its owner.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "server/store/claim_store.hpp"
#include "server/store/rows.hpp"
#include "server/store/sqlite/chain_index.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Claims {
 public:
  explicit Claims(Connection& connection);

  // Is the claim another indicator's by now, or its indicator not the version that the part belongs to? `kind` is the
  // row of its name.
  [[nodiscard]] bool contended(RowId asserter, ClaimPart const& part, RowId kind);
  // After contended(), for the same part: is there no claim yet?
  [[nodiscard]] bool begins(ClaimPart const& part) const {
    return part.role == ClaimPart::Role::indicator && !standing_;
  }
  // After contended(), for the same part: what the version takes the place of becomes a bond.
  void keep(RowId asserter, ClaimPart const& part, RowId kind, RowId version);
  // A link is found as what a claim of its own is about.
  void keep_link(RowId asserter, ClaimKey const& link, RowId kind, core::Uuid const& uuid, RowId version);
  void follow(RowId version, RowId next);  // when the indicator has a version that came another way
  void forget(RowId version);              // that was erased: with an indicator its claim
  void forget_bonds(RowId asserter, core::Uuid const& uuid);
  // What an indicator was stored with: of the claim that has this version, and what other things are bound to an
  // object.
  void add_parts(RowId version, std::vector<RowId>& out);
  void add_bonds(RowId asserter, core::Uuid const& uuid, std::vector<RowId>& out);
  [[nodiscard]] bool is_part_of_another(RowId version, core::Uuid const& indicator);
  void release(RowId version);  // ends the claim that has this version; its parts become bonds

 private:
  struct Standing {
    core::Uuid uuid{};
    std::optional<RowId> observable, relationship;
  };
  void bond(RowId asserter, core::Uuid const& uuid, std::optional<RowId> version);

  std::optional<Standing> standing_;  // of the claim that contended() looked at
  Statement owner_, keep_, keep_observable_, keep_relationship_, follow_, forget_, forget_observable_,
      forget_relationship_, bond_, forget_bond_, forget_bonds_, parts_, bonds_, other_;
};

class ClaimReads final : public ClaimReader {
 public:
  ClaimReads(Connection& connection, ChainIndex const& chains);

  core::Result<std::vector<StoredClaim>> claims(RowId asserter, std::span<ClaimQuestion const> questions) override;

 private:
  std::optional<RowId> name_row(std::string const& text);
  std::string bytes_of(std::optional<RowId> version);
  StoredClaim stored(RowId asserter, ClaimKey const& key);
  std::optional<RowId> version_of(RowId asserter, ChainIndex::Id const& id);
  void answer(RowId asserter, std::span<ClaimQuestion const> questions, std::vector<StoredClaim>& out);

  Connection& connection_;
  ChainIndex const& chains_;
  Statement begin_, end_, touch_, name_, find_, bytes_, chain_;
};

}  // namespace tocsin::store::sqlite
