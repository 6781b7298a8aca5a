// An indicator is taken back: which versions say so, or which publications end. Nothing is stored here. Pure but for
// the directory; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "server/admission/door.hpp"
#include "server/admission/drafts.hpp"
#include "server/store/claim_store.hpp"
#include "server/store/retraction_store.hpp"

namespace tocsin::admission {

enum class Because : std::uint8_t { wrong, overshared, personal_data, ended, duplicate };

// "wrong", "overshared", "personal-data", "ended", "duplicate".
[[nodiscard]] std::string_view name(Because because);
[[nodiscard]] std::optional<Because> parse_because(std::string_view text);
// Publications end; otherwise there are new versions.
[[nodiscard]] bool withdraws(Because because);

// What is done to an object, and where.
struct Deed {
  enum class Kind : std::uint8_t { revoked, ended, withdrawn, added } kind = Kind::revoked;
  std::string id;
  std::vector<store::RowId> collections;
};
[[nodiscard]] std::string_view name(Deed::Kind kind);

// A version that takes back, for the collections of its deed.
struct Revision {
  Deed deed;
  store::Candidate candidate;
};

// Where an object is published, each once.
[[nodiscard]] std::vector<store::RowId> live_in(store::StoredObject const& object);

// What readers are told beside the versions.
struct Telling {
  store::StoredObject const* duplicate_of = nullptr;  // the asserter's own, and shown to who asks
  std::string note;                                   // "": none
};

// The versions that take an indicator back which is published, and not revoked: revoked, with the relationships that
// lead from it; or valid until now. Made of the newest stored ones, through the door. Beside them a relationship
// `duplicate-of`, where both have the same markings, and a note. Empty: it is taken back already.
// Errors: what the door finds; unprocessable for an indicator that has not begun yet.
[[nodiscard]] core::Result<std::vector<Revision>> revisions(Door const& door, Sender const& sender,
                                                            store::Retractable const& of, Because because,
                                                            Telling const& telling);

// An object that is withdrawn, and where its readers are told.
struct Withdrawn {
  store::StoredObject object;
  std::vector<store::RowId> collections;
};
// The revoked versions, likewise, of those that have versions in STIX 2.1, are not revoked and have readers. Errors:
// what the door finds.
[[nodiscard]] core::Result<std::vector<Revision>> revocations(Door const& door, Sender const& sender,
                                                              std::span<Withdrawn const> objects);

// Under what the claim of the indicator's value is found, whoever has it now; nullopt: it has no kind of ours.
[[nodiscard]] std::optional<store::ClaimQuestion> claim_on(store::Retractable const& of);

struct Withdrawing {
  store::Retraction retraction;
  std::vector<Deed> deeds;  // of what is published
};
// The end of all publications of an indicator and of what it was stored with. `claim` answers claim_on(): an observable
// that a later indicator of the same value has stays, and so do the relationships to it.
[[nodiscard]] Withdrawing withdrawing(store::Retractable const& of, store::StoredClaim const& claim, Because because);

}  // namespace tocsin::admission
