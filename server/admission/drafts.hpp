// The native way through the door, its second half: items become candidates for the commit, and what the commit decides
// becomes the answer for each item. Nothing is stored here. Pure but for the directory; any thread, one at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/kinds/local_names.hpp"
#include "schema/kinds/to_stix.hpp"
#include "server/access/directory.hpp"
#include "server/admission/door.hpp"
#include "server/admission/items.hpp"
#include "server/ledger/group_commit.hpp"

namespace tocsin::admission {

// The candidates for one collection that need no others but those of the drafts before.
struct Draft {
  store::Collection collection;
  std::vector<store::Candidate> candidates;
  std::vector<std::size_t> items;  // of each candidate
};

// Who submits, and when.
struct Sender {
  std::shared_ptr<access::Directory const> directory;
  access::StatementMarkings const* statements = nullptr;
  access::View const* view = nullptr;
  store::RowId asserter = 0;
  std::int64_t now_us = 0;
  std::string_view instance_identity = {};  // as Visit has it
};

// Makes objects of a batch: expand() until it answers true, then draft() until it does. Each takes up to `most` items
// on, for it is long work that others wait for. Batch, door and sender outlive it.
class Drafting {
 public:
  Drafting(Batch& batch, Door const& door, Sender const& sender);

  // Makes the objects of the items that are not refused, and refuses those that are not valid. `claims` answers
  // questions_of(batch.items) as it was before, and is the same each time. True: there are no more.
  [[nodiscard]] bool expand(std::vector<store::StoredClaim> const& claims, std::size_t most);
  // What has to be known of the links of all.
  [[nodiscard]] std::vector<store::ClaimQuestion> take_questions() { return std::move(questions_); }

  // Makes the candidates. `links` answers the questions. `dry`: keeps the objects in the items. Refuses items with what
  // the door finds. True: there are no more.
  [[nodiscard]] bool draft(std::vector<store::StoredClaim> const& links, bool dry, std::size_t most);
  // In an order in which nothing comes before what it refers to.
  [[nodiscard]] std::vector<Draft> take_drafts();
  // Items that name objects which none of them becomes, and what the store is asked of those.
  [[nodiscard]] std::vector<Referring> referring() const;

 private:
  struct Work {
    kinds::Native native;  // without local names
    kinds::Expansion made;
    std::optional<core::Uuid> replaces;
    std::vector<kinds::Link> links;
    std::optional<std::size_t> first_question;  // of its links; absent: its subject is new, and so are they
  };
  using Drafts = std::map<std::pair<std::size_t, store::RowId>, Draft>;  // by wave and collection

  void begin(std::vector<store::StoredClaim> const& claims);
  void expand(std::size_t index, store::StoredClaim const& claim);
  [[nodiscard]] core::Result<std::vector<std::string>> identifiers(kinds::LocalReference const& reference) const;
  void add(std::size_t index, std::vector<store::StoredClaim> const& links, bool dry);
  [[nodiscard]] std::vector<stix::Object> relationships(std::size_t index,
                                                        std::vector<store::StoredClaim> const& links);

  Batch& batch_;
  Door const& door_;
  Sender const& sender_;
  std::string creator_;
  std::size_t links_ = 0;
  std::vector<std::optional<Work>> works_;  // by item; absent: refused
  std::vector<std::size_t> order_;          // of the items
  std::size_t expanded_ = 0, drafted_ = 0;  // of order_
  std::vector<store::StoredClaim const*> of_item_;
  std::vector<store::ClaimQuestion> questions_;
  Drafts drafts_;
};

// Notes in the items what they name and their sender does not see.
void note_unseen(std::vector<Item>& items, std::vector<Referring> const& referring, Shown const& shown);

// Takes out of a draft the items that refer to what is refused by now, and refuses them too.
void drop_dependents(std::vector<Item>& items, Draft& draft);

// Notes in the items what became of their candidates.
void note_fates(std::vector<Item>& items, Draft const& draft, ledger::Receipt const& receipt);

}  // namespace tocsin::admission
