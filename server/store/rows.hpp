// Plain rows and queries: what the store is told and what it answers. No SQL, no JSON, no HTTP. Value types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/error.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/log/commitment.hpp"
#include "schema/log/header.hpp"
#include "schema/stix/marking.hpp"
#include "server/store/claim_store.hpp"

namespace tocsin::store {

using RowId = std::int64_t;

// On whose behalf something is done, as the audit trail names it.
struct Actor {
  std::string organisation = "operator";
  // Its id, or `admin-socket`; no request asked for what `program`, `retention` and `following` do.
  std::string credential = "program";
};

struct Organisation {
  RowId row = 0;
  std::string name;
  std::string type;      // lab, cloud, government, other
  int clearance = 0;     // 0 CLEAR … 4 RED
  std::string identity;  // identity--UUID
  std::string authority;
  bool disabled = false;
  std::int64_t created_us = 0;
  std::string standing{};  // where submissions wait: moderated, trusted; "": as the collection has it
  RowId origin{};          // at which instance it speaks; 0: here
  std::string peer{};      // the peer whose instance that is, by name; "": none, or one that is gone
  RowId party{};           // an organisation that an agreement says it is one with; 0: none
};

// It speaks at a peer, and has nothing here but what it says there: no credentials, no audiences.
[[nodiscard]] inline bool speaks_elsewhere(Organisation const& one) { return one.origin != 0 && one.name != one.peer; }

struct Credential {
  RowId row = 0;
  std::string token_id;
  core::Digest secret_digest{};
  RowId organisation = 0;
  std::uint8_t roles = 0;
  std::string label;
  std::optional<std::int64_t> expires_us;
  std::vector<std::string> networks;     // CIDRs; empty: anywhere
  std::vector<std::string> collections;  // ids; empty: all
  std::vector<std::string> kinds;        // empty: all
  std::optional<int> max_tlp;
  stix::MarkingDialect dialect = stix::MarkingDialect::tlp2;
  std::int64_t created_us = 0;
  std::optional<std::int64_t> revoked_us;
  std::string certificate{};  // pin:…, URI:… or DNS:… that a client certificate must carry; "": a token
  // Until then it can be exchanged for a token with all else that is here, once, and opens nothing.
  std::optional<std::int64_t> invitation_us{};
  std::string person{};  // whose it is; "": nobody's in particular
};

struct Collection {
  RowId row = 0;
  std::string id;
  std::string alias;
  std::string title;
  std::string description;
  int default_level = 1;
  std::int64_t created_us = 0;
  std::string moderation = "off";  // whose submissions wait for an analyst: off, new, chosen, all
};

// What a marking-definition of this instance stands for: a group of organisations, or the governments that something
// may be shown to.
struct Audience {
  RowId row = 0;
  core::Uuid marking{};                    // of its marking-definition
  core::Uuid group{};                      // random; all that the definition tells of it
  std::string name;                        // unique
  std::vector<std::string> releasable_to;  // authority codes, sorted; empty: it is a group of members
  std::int64_t epoch = 1;                  // of the membership now
  std::string definition;                  // the marking-definition's bytes (RFC 8785)
  std::int64_t created_us = 0;
};

// An organisation that belonged to an audience from one epoch on, until before another.
struct AudienceMember {
  RowId audience = 0, organisation = 0;
  std::int64_t since = 0;
  std::optional<std::int64_t> until;  // absent: it belongs now
};

// An addition that one administrator wants and another has to approve.
struct AudienceProposal {
  core::Uuid id{};
  RowId audience = 0, organisation = 0;
  RowId proposer = 0;  // credential; 0: the operator
  std::int64_t created_us = 0;
};

struct ClassRow {
  RowId row = 0;
  std::string key;
};

struct PublicationCount {
  RowId collection = 0;
  RowId class_row = 0;
  RowId asserter = 0;
  std::int64_t count = 0;
};

// An object that passed admission, before the commit decides its fate.
struct Candidate {
  // It takes the place of the very version that two people agreed to show to more readers, and may have another class.
  struct Release {
    core::Uuid proposal{};
    RowId version = 0;
    std::string proposed_by;         // id of the credential
    std::vector<RowId> collections;  // where it was published when the release was decided: nowhere else is it to be
  };

  // It was logged by another instance, which alone changes it: nothing of it is logged here. Its salts are those of its
  // entry there.
  struct Foreign {
    RowId origin = 0;
    std::uint64_t index = 0;  // in the origin's data log
    std::string header;
    std::uint64_t class_sequence = 0;
  };

  RowId asserter = 0;
  std::string type;
  core::Uuid uuid{};
  std::string version_text;  // what TAXII calls its version, for findings
  std::int64_t modified_ns = 0;
  std::optional<std::int64_t> created_ns;
  bool unversioned = false;
  std::string class_key;
  std::string kind;
  bool revoked = false;
  std::string creator;  // created_by_ref in lower case, or ""
  std::optional<core::Uuid> value_key;
  bool statement_marking = false;
  // Markings that `class_key` takes for statements because this submission defines them. Should one not be stored, the
  // class and the note are the other ones.
  std::vector<core::Uuid> relied_statements;
  std::string class_key_without;
  std::string note_without;
  // When it names an audience that its asserter has left: its class for one who had not, which counts in a chain of
  // that class only. So what was shared can still be revoked.
  std::string class_key_in_chain;
  bool logged = true;  // RED is not
  core::Digest digest{};
  core::Salt header_salt{}, body_salt{};
  core::Digest body_commitment{};
  std::string bytes;
  std::string note;  // warnings for the submitter, or ""
  std::optional<ClaimPart> claim{};
  std::vector<core::Uuid> campaigns{};            // that it says it indicates, or that an indicator does
  std::optional<core::Uuid> indicates{};          // of a relationship: that indicator
  std::optional<kinds::Searchable> searchable{};  // of an indicator with our extension
  std::vector<std::string> said_of{};             // of a sighting or an opinion: ids in lower case
  std::optional<Release> release{};
  // It has waited for an analyst, and is the first of what was kept there: published, it waits no more.
  std::optional<RowId> waiting{};
  std::optional<Foreign> foreign{};
};

// What the store knows of a candidate's chain, inside the transaction.
struct ChainState {
  struct Version {
    RowId row = 0;
    std::int64_t modified_ns = 0;
    std::string class_key;
    bool revoked = false;
    std::string creator;
    core::Digest digest{};
  };
  std::optional<Version> newest;
  std::optional<Version> same;  // the stored version with the candidate's `modified`
};

// What the ledger answers for a candidate: store it, it is there already, or the reason for refusing it. `waits` is a
// fate that only the store gives.
struct Verdict {
  enum class Kind : std::uint8_t { store, unchanged, refuse, waits } kind = Kind::store;
  core::Error error;      // when refused
  bool replaces = false;  // when stored: it has another class than its chain, and ends what is published of that
};

// The log's part of a version, made inside the transaction once its place is fixed.
struct SealInput {
  std::uint64_t index = 0;  // leaf index in the data log
  core::Uuid class_token{};
  std::uint64_t class_sequence = 0;
  std::uint64_t control_size = 0;
  log::Header::Op op = log::Header::Op::put;
  core::Salt header_salt{};
  core::Digest body_commitment{};
};
struct Seal {
  std::string header;
  log::Entry entry{};  // what the leaf is the hash of
  core::Digest leaf{};
};

struct Fate {
  Verdict::Kind kind = Verdict::Kind::refuse;
  RowId version = 0;                // stored or found
  core::Error error;                // when refused
  bool without_statements = false;  // a statement it relied on is not stored
  bool earlier_audience = false;    // it has its chain's class, which is of an earlier epoch
  bool there = false;               // unchanged, and published in this collection already
  bool released_since = false;      // unchanged, and a later version has taken its place for more readers
  RowId waiting = 0;                // where it waits; `there`: something of it did already
};

// What the submitter of a candidate with this fate is told: whether it was there already, warnings, or "".
inline std::string note_of(Candidate const& candidate, Fate const& fate) {
  std::string const& warnings = fate.without_statements ? candidate.note_without : candidate.note;
  std::string note;
  if (fate.kind == Verdict::Kind::waits)
    note = "It waits for an analyst of this instance; until then only your organisation knows of it.";
  else if (fate.there)
    note = "Unchanged: it is stored already.";
  if (fate.released_since) note += " A later version was released to more readers, and this one is not shown any more.";
  if (!warnings.empty()) note += (note.empty() ? "" : " ") + warnings;
  if (fate.earlier_audience)
    note += std::string(note.empty() ? "" : "; ") +
            "The audience is that of the object's first version: who joined since does not see it.";
  return note;
}

// The record of a submission that grows with its commits and is stored with the last one.
struct SubmissionRecord {
  core::Uuid id{};
  RowId organisation = 0;
  RowId collection = 0;
  std::int64_t requested_us = 0;
  std::vector<RowId> accepted;                             // versions; of what waits, the negative of where
  std::vector<std::pair<std::size_t, std::string>> notes;  // index into accepted, text
  struct Refusal {
    std::string id;  // as it was sent, or "" when unreadable
    std::string version;
    std::string message;
  };
  std::vector<Refusal> refused;
  // What the harm checks warned of and was shared all the same. The audit trail has it from the first commit on, and
  // the record no longer.
  struct Overriding {
    std::string reason;
    std::vector<std::string> codes;
    std::size_t objects = 0;  // or items
  };
  std::optional<Overriding> overriding{};
  std::string because{};  // why an indicator is retracted; likewise, and never in the record. "": it is not
};

// Visibility classes as a bit set indexed by class row.
class ClassSet {
 public:
  void insert(RowId row) {
    auto word = static_cast<std::size_t>(row) / 64;
    if (word >= words_.size()) words_.resize(word + 1);
    words_[word] |= std::uint64_t{1} << (static_cast<std::size_t>(row) % 64);
  }
  [[nodiscard]] bool contains(RowId row) const {
    auto word = static_cast<std::size_t>(row) / 64;
    return word < words_.size() && (words_[word] >> (static_cast<std::size_t>(row) % 64) & 1) != 0;
  }
  [[nodiscard]] std::vector<std::uint64_t> const& words() const { return words_; }
  [[nodiscard]] bool empty() const {
    for (auto word : words_)
      if (word != 0) return false;
    return true;
  }
  friend bool operator==(ClassSet const&, ClassSet const&) = default;

 private:
  std::vector<std::uint64_t> words_;
};

// What a reader may see: rows of visible classes, and its own rows of further classes.
struct Window {
  ClassSet visible;
  RowId asserter = 0;              // whose own rows count; 0: nobody's
  ClassSet own;                    // classes of own rows
  std::vector<std::string> kinds;  // kinds or types; empty: all
};

struct VersionFilter {
  bool first = false, last = true, all = false;
  std::vector<std::int64_t> exact_ns;
};

struct PageQuery {
  RowId collection = 0;
  Window window;
  std::int64_t after_sequence = 0;
  std::optional<std::int64_t> added_after_us;
  std::size_t limit = 0;
  std::vector<std::pair<std::string, core::Uuid>> ids;  // empty: all
  std::vector<std::string> types;                       // empty: all
  VersionFilter versions;
  bool with_bytes = true;
  bool every_row = false;  // with bytes: what each is and when it was published is told, not of the first and last only
  std::size_t most_bytes = 64u << 20;  // the page ends with the object that goes beyond
};

struct PageRow {
  std::int64_t sequence = 0;
  std::int64_t date_added_us = 0;
  std::string type;
  core::Uuid uuid{};
  std::int64_t modified_ns = 0;
  std::optional<std::int64_t> created_ns;
  bool unversioned = false;
  std::size_t bytes = 0;  // its part of the page's objects
  RowId version = 0;
  RowId asserter = 0;   // never told
  std::string kind{};   // as that of a candidate
  RowId class_row = 0;  // likewise never told
};

struct Page {
  std::string objects;        // stored bytes joined by commas; empty without with_bytes
  std::vector<PageRow> rows;  // with bytes: only the first and the last, unless every_row; of each where and how long
  std::size_t count = 0;
  bool more = false;
};

}  // namespace tocsin::store
