// What traffic is held against, at home: the indicators that were pulled, in the engine that the server has, and judged
// by its rules. Nothing of what is asked leaves the process. Owned by a scan; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schema/stix/object.hpp"
#include "server/match/engine.hpp"
#include "server/match/fusion.hpp"

namespace tocsin::client {

// Whose word counts for more than that of others: the organisation's that scans, and for less, the instance's, in whose
// name any member may speak. Ids of identities; "": there is none.
struct Voices {
  std::string oneself, anybody;
};

struct KnownIndicator {
  std::string id, kind;
  std::string value;  // "" when it has several
  match::Action suggested = match::Action::none;
  match::Party party = match::kUnnamed;
};

struct KnownHit {
  std::size_t indicator = 0;
  match::Weighed weighed;
};

class KnownIndicators {
 public:
  // `now_us` decides what may no longer be kept. Above 0, what states less confidence or none hits nothing.
  KnownIndicators(int min_confidence, std::int64_t now_us, Voices voices);
  ~KnownIndicators();
  KnownIndicators(KnownIndicators const&) = delete;
  KnownIndicators& operator=(KnownIndicators const&) = delete;

  // A mute of the reader's organisation, as GET /api/v1/mutes tells it. What is muted hits nothing. Before `add`.
  void mute(stix::Json const& mute);
  // An object as it was pulled. Other types, and what has no kind of ours, are passed over; of an indicator that comes
  // twice the newest version counts.
  void add(std::string_view bytes);
  // Makes the index of all that was added.
  void index();

  // Of an item with its time: the indicators that it hits, each once. What was valid then and may still be kept.
  [[nodiscard]] std::vector<KnownHit> hits_of(match::Item const& item);

  [[nodiscard]] KnownIndicator const& at(std::size_t indicator) const { return all_[indicator]; }
  [[nodiscard]] std::size_t standing() const { return standing_; }  // that are not revoked
  [[nodiscard]] std::size_t unindexed() const { return engine_.unindexed(filter_); }
  [[nodiscard]] std::size_t muted() const { return muted_; }
  [[nodiscard]] std::size_t invalid() const { return invalid_; }
  [[nodiscard]] bool has_templates() const { return !templates_.empty(); }

 private:
  struct Opened;                                             // of one that was met
  using TemplateName = std::pair<std::string, std::string>;  // its markings, and its digest

  void add_indicator(stix::Object const& object, stix::Json const& document);
  void add_template(stix::Object const& object, stix::Json const& document);
  [[nodiscard]] match::Party party_of(std::string const& creator);
  [[nodiscard]] bool is_muted(std::string const& id, std::vector<std::string> const& keys) const;
  [[nodiscard]] Opened& opened(std::size_t indicator);

  std::int64_t const now_us_;
  Voices const voices_;
  match::Engine engine_;
  match::Filter filter_;
  std::vector<KnownIndicator> all_;
  std::vector<std::string> bytes_;               // of each
  std::vector<std::unique_ptr<Opened>> opened_;  // of each; null until it is met
  std::vector<match::Entry> entries_;            // of each, until they are indexed
  std::vector<stix::Timestamp> modified_;        // likewise
  std::vector<TemplateName> named_;              // likewise: the template that it is of
  std::unordered_map<std::string, std::size_t> by_id_;
  std::unordered_map<std::string, match::Party> parties_;  // creators
  std::map<TemplateName, std::vector<kinds::Print>> templates_;
  std::set<std::string> muted_ids_, muted_keys_;
  std::size_t standing_ = 0, muted_ = 0, invalid_ = 0;
};

}  // namespace tocsin::client
