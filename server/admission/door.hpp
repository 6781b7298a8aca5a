// The one door: bytes become candidates for the commit, or precise refusals. Nothing is stored here. Pure but for the
// directory; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/kinds/lifetime.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/object.hpp"
#include "server/access/directory.hpp"
#include "server/admission/campaign_links.hpp"
#include "server/admission/harm/harm.hpp"
#include "server/admission/references.hpp"
#include "server/base/live.hpp"
#include "server/store/rows.hpp"

namespace tocsin::admission {

struct Limits {
  base::Live<std::size_t> object_bytes{1 << 20};
  base::Live<std::int64_t> future_tolerance_us{300'000'000};
};

// By the UUID of a marking of another instance: the audience here that what it marks is for.
using AudiencesElsewhere = std::map<core::Uuid, access::AudienceAt>;

// Who submits, where to and when.
struct Visit {
  std::shared_ptr<access::Directory const> directory;
  access::StatementMarkings const* statements = nullptr;
  store::RowId asserter = 0;
  store::Collection collection;
  std::int64_t now_us = 0;
  std::string_view instance_identity = {};  // whom an object names whose submitter is not to be named
  // What indicators with our extension are held against; null: what the server makes of items was held against it.
  harm::Surroundings const* around = nullptr;
  bool overriding = false;  // warnings do not refuse
  bool agreed = false;      // two people of the organisation agreed to the markings
  // It was said at another instance: audiences of this one mean nothing in it, and its own what was agreed. Null: it
  // was said here.
  AudiencesElsewhere const* elsewhere = nullptr;
};

// An object that parsed, and its document: who says it was not asked yet.
struct ReadObject {
  std::shared_ptr<stix::Json const> document;
  stix::Object object;
};

// One that was judged, with what only its document can tell.
struct Parsed {
  stix::Object object;
  std::string kind;
  CampaignLinks campaigns{};
  std::optional<kinds::Searchable> searchable{};
  std::vector<std::string> said_of{};
  std::vector<core::Error> overridden{};  // warnings
};

// One that is refused: its id and version as sent, if they are short strings, and why; never empty.
struct Refused {
  std::string id, version;
  std::vector<core::Error> findings;
};

struct Admitted {
  std::vector<store::Candidate> candidates;  // in the order of the body, statement markings first
  std::vector<store::SubmissionRecord::Refusal> refused;
  std::vector<std::vector<core::Code>> overridden{};  // of each candidate with warnings that were overridden
  std::vector<Referring> referring{};                 // to be held against what the sender sees (weighing.hpp)
};

// A refusal is longer than what it refuses may be, and is kept: without this, small bodies could fill the disk.
inline constexpr std::size_t kMostRefused = 1'000;

class Door {
 public:
  explicit Door(Limits const& limits, kinds::Lifetimes const& lifetimes = {})
      : limits_(limits), lifetimes_(lifetimes) {}
  void set_limits(Limits const& limits) { limits_ = limits; }
  // Of items that do not say until when.
  [[nodiscard]] kinds::Lifetimes const& lifetimes() const { return lifetimes_; }

  // An envelope or bundle. An object that is refused does not spoil the others. Errors, for the body as a whole: those
  // of split_envelope; too_many_refused for more than kMostRefused, where judging ends.
  [[nodiscard]] core::Result<Admitted> admit(std::string_view body, Visit const& visit) const;

  // One object that the server made of an item, and that defines no marking. The findings are never empty.
  [[nodiscard]] std::expected<store::Candidate, std::vector<core::Error>> admit_object(std::string_view text,
                                                                                       Visit const& visit) const;

  // The steps of admit(), for who routes the objects of one body to several collections. What is judged of an object by
  // itself, from its text and whatever its collection is.
  [[nodiscard]] std::expected<Parsed, Refused> judge(std::string_view text, Visit const& visit) const;
  // The two halves of judge(), for who learns from the object on whose behalf it comes.
  [[nodiscard]] std::expected<ReadObject, Refused> read(std::string_view text) const;
  [[nodiscard]] std::expected<Parsed, Refused> judge(ReadObject read, Visit const& visit) const;
  // The statement markings that the objects define, and no other object beside them.
  [[nodiscard]] static std::set<core::Uuid> statements_in(std::span<std::optional<Parsed> const> objects);
  [[nodiscard]] static store::Candidate candidate(Parsed parsed, Visit const& visit,
                                                  std::set<core::Uuid> const& statements);

 private:
  // Warnings that are overridden, or why the object is refused.
  [[nodiscard]] static std::expected<harm::Findings, harm::Findings> weigh(stix::Json const& document,
                                                                           Parsed const& parsed, Visit const& visit);
  [[nodiscard]] core::Result<void> check(stix::Object const& object, Visit const& visit) const;

  Limits limits_;
  kinds::Lifetimes const lifetimes_;
};

}  // namespace tocsin::admission
