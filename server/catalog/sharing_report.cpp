#include "server/catalog/sharing_report.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::catalog {
namespace {

using nlohmann::json;

constexpr std::size_t kPage = 500;
constexpr std::size_t kMostOwn = 10'000, kMostOthers = 20'000, kMostSaid = 20'000;  // that one answer looks at
constexpr std::size_t kStretch = 2'000, kMostWalked = 200'000;     // of whatever type, in search of what is said
constexpr std::size_t kMostKeys = 10'000, kMostBytes = 64u << 20;  // compared with others; of objects parsed

struct Own {
  std::string kind;
  std::vector<std::string> keys;
  bool live = false, shared = false, disputed = false;
};

class Gathering {
 public:
  Gathering(store::ReadStore& reader, ReportQuery const& query, std::int64_t now_us)
      : reader_(reader), query_(query), now_us_(now_us) {}

  core::Result<SharingReport> gather() {
    if (auto done = take_own(); !done) return std::unexpected(done.error());
    if (auto done = take_others(); !done) return std::unexpected(done.error());
    if (auto done = take_said(); !done) return std::unexpected(done.error());
    for (auto const& [id, one] : own_) {
      auto& of = out_.kinds[one.kind];
      ++(one.live ? of.live : of.over);
      of.shared += one.shared ? 1 : 0;
      of.disputed += one.disputed ? 1 : 0;
    }
    return std::move(out_);
  }

 private:
  // Each row of a search, until `take` says that it is enough.
  template <class Take>
  core::Result<void> search(store::IndicatorQuery query, std::size_t most, Take take) {
    query.limit = kPage;
    for (std::size_t looked = 0;;) {
      auto page = reader_.indicators().search(query);
      if (!page) return std::unexpected(page.error());
      for (auto const& row : page->rows) take(row);
      looked += page->rows.size();
      if (!page->more) return {};
      query.after = std::move(page->after);
      if (looked < most && parsed_ <= kMostBytes) continue;
      out_.complete = false;
      return {};
    }
  }

  // Whether an answer may look into this object too.
  bool may_parse(std::string_view bytes) {
    parsed_ += bytes.size();
    if (parsed_ > kMostBytes) out_.complete = false;
    return parsed_ <= kMostBytes;
  }

  [[nodiscard]] bool is_own(store::Published const& one) const {
    return query_.directory.party_of(one.row.asserter) == query_.directory.party_of(query_.own.window.asserter);
  }

  [[nodiscard]] bool is_live(json const& object, kinds::Searchable const& found) const {
    return !object.value("revoked", false) && (!found.valid_until_us || *found.valid_until_us > now_us_);
  }

  core::Result<void> take_own() {
    return search({query_.own, {kinds::every_key()}}, kMostOwn, [this](store::Published const& one) {
      if (one.row.date_added_us < query_.since_us || !may_parse(one.bytes)) return;
      auto const object = stix::parse_json(one.bytes).value();
      auto found = kinds::searchable(object);
      if (!found) return;
      note_place(one);
      bool const live = is_live(object, *found);
      own_[object.at("id").get<std::string>()] = {std::string(kinds::kind_of_key(found->keys.front())),
                                                  std::move(found->keys), live};
    });
  }

  void note_place(store::Published const& one) {
    auto& sequences = out_.places[one.collection];
    sequences.insert(std::ranges::upper_bound(sequences, one.row.sequence), one.row.sequence);
    out_.classes.insert(one.row.class_row);
    if (out_.first_us == 0 || one.row.date_added_us < out_.first_us) out_.first_us = one.row.date_added_us;
  }

  std::map<std::string, std::vector<Own*>> keys_of_live() {
    std::map<std::string, std::vector<Own*>> out;
    for (auto& [id, one] : own_) {
      if (!one.live) continue;
      for (auto const& key : one.keys) {
        if (out.size() < kMostKeys || out.contains(key))
          out[key].push_back(&one);
        else
          out_.complete = false;
      }
    }
    return out;
  }

  core::Result<void> take_others() {
    auto const by_key = keys_of_live();
    if (by_key.empty()) return {};
    store::IndicatorQuery query{query_.all, {}};
    for (auto const& [key, ones] : by_key) query.keys.push_back({key, key + '\0'});
    return search(std::move(query), kMostOthers, [&](store::Published const& row) {
      if (is_own(row) || !may_parse(row.bytes)) return;
      auto const object = stix::parse_json(row.bytes).value();
      auto const found = kinds::searchable(object);
      if (!found || !is_live(object, *found)) return;
      for (auto const& key : found->keys)
        if (auto const at = by_key.find(key); at != by_key.end())
          for (auto* one : at->second) one->shared = true;
    });
  }

  // From the newest versions on first, for there is most of it. What came before answers an earlier version.
  core::Result<void> take_said() {
    if (out_.places.empty()) return {};
    auto first = std::numeric_limits<std::int64_t>::max();
    for (auto const& [collection, sequences] : out_.places) first = std::min(first, sequences.front());
    if (auto done = take_said(first - 1, std::numeric_limits<std::int64_t>::max()); !done) return done;
    return first > 1 ? take_said(0, first) : core::Result<void>();
  }

  core::Result<void> take_said(std::int64_t after, std::int64_t end) {
    store::StretchQuery query{query_.all.collections, query_.all.window, after, kStretch, {"opinion", "sighting"}};
    while (said_ < kMostSaid && walked_ < kMostWalked && parsed_ <= kMostBytes) {
      auto stretch = reader_.stretch(query);
      if (!stretch) return std::unexpected(stretch.error());
      for (auto const& one : stretch->rows) {
        if (one.row.sequence >= end) return {};
        ++walked_;
        said_ += one.bytes.empty() ? 0 : 1;
        take_said(one);
      }
      if (!stretch->more || stretch->rows.empty()) return {};
      query.after_sequence = stretch->rows.back().row.sequence;
    }
    out_.complete = false;
    return {};
  }

  // In several collections it is one object all the same.
  void take_said(store::Published const& one) {
    if (is_own(one) || one.bytes.empty() || !seen_.insert(one.row.version).second || !may_parse(one.bytes)) return;
    auto const object = stix::parse_json(one.bytes).value();
    if (object.value("revoked", false)) return;
    if (one.row.type == "sighting" && own_.contains(object.value("sighting_of_ref", std::string())))
      ++out_.sightings[outcome_of(object)];
    if (one.row.type != "opinion") return;
    auto const opinion = object.value("opinion", std::string());
    for (auto const& about : object.value("object_refs", json::array())) {
      auto const found = about.is_string() ? own_.find(about.get<std::string>()) : own_.end();
      if (found == own_.end()) continue;
      ++out_.opinions[opinion];
      found->second.disputed = found->second.disputed || opinion.ends_with("disagree");
    }
  }

  static std::string outcome_of(json const& sighting) {
    return sighting.value("extensions", json::object())
        .value(std::string(kinds::kSightingExtension), json::object())
        .value("outcome", std::string());
  }

  store::ReadStore& reader_;
  ReportQuery const& query_;
  std::int64_t const now_us_;
  SharingReport out_;
  std::map<std::string, Own> own_;  // by id
  std::set<store::RowId> seen_;     // versions
  std::size_t said_ = 0, walked_ = 0, parsed_ = 0;
};

}  // namespace

core::Result<SharingReport> sharing_report(store::ReadStore& reader, ReportQuery const& query, std::int64_t now_us) {
  return Gathering(reader, query, now_us).gather();
}

}  // namespace tocsin::catalog
