#include "clients/cpp/scan/known_indicators.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "clients/cpp/json_access.hpp"
#include "schema/kinds/decay.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/kinds/letters.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/match/item_observation.hpp"
#include "server/match/looked_up.hpp"

namespace tocsin::client {
namespace {

using stix::Json;

constexpr std::uint32_t kShown = 0;  // one class: whoever scans sees all that was pulled
constexpr double kUnsaid = 0.5;      // what an indicator without confidence weighs
constexpr std::int64_t kDay = 86'400'000'000;

std::string digest_of(Json const& indicator) {
  auto const values = kinds::values_of(indicator);
  // Of several templates none is the one whose share of fingerprints could be told.
  return values.size() == 1 ? values.front() : std::string();
}

std::string markings_of(stix::Object const& object) {
  std::string out;
  for (auto const& one : object.markings) out += one.text() + " ";
  return out;
}

match::Entry entry_of(stix::Object const& object, Json const& document, kinds::Searchable const& about,
                      std::string_view kind, std::size_t row) {
  match::Entry out;
  out.facts.id = object.id.uuid();
  out.facts.row = static_cast<std::int64_t>(row);
  out.facts.kind = kinds::find_kind(kind);
  out.facts.valid_from_us = about.valid_from_us;
  out.facts.valid_until_us = about.valid_until_us.value_or(match::kForGood);
  out.facts.share_until_us = about.share_until_us.value_or(match::kForGood);
  if (about.confidence) out.facts.confidence = static_cast<std::int8_t>(*about.confidence);
  // Of what is revoked nothing holds, and no older version takes its place.
  if (object.revoked) out.facts.valid_until_us = out.facts.valid_from_us;
  out.classes = {kShown};
  if (static_cast<std::int64_t>(object.bytes.size()) <= match::kMostIndicatorBytes)
    match::add_values(out, kind, match::pattern_text(document));
  return out;
}

}  // namespace

struct KnownIndicators::Opened {
  Json document;
  std::vector<std::string> values;
  std::optional<match::pattern::Pattern> pattern;  // absent: it cannot be evaluated, and hits nothing
  std::vector<Json> templates;
  std::int64_t day = -1;  // that `confidence` is of
  double confidence = 0;  // 0 to 1

  double confidence_at(std::int64_t at_us) {
    if (at_us / kDay == day) return confidence;
    day = at_us / kDay;
    auto const left = kinds::confidence_now(document, values, at_us);
    confidence = left ? static_cast<double>(*left) / 100 : kUnsaid;
    return confidence;
  }
};

KnownIndicators::KnownIndicators(int min_confidence, std::int64_t now_us, Voices voices)
    : now_us_(now_us), voices_(std::move(voices)) {
  filter_.visible = match::Classes({std::uint64_t{1} << kShown});
  filter_.min_confidence = min_confidence;
  filter_.now_us = now_us;
}

KnownIndicators::~KnownIndicators() = default;

void KnownIndicators::mute(Json const& mute) {
  auto const until = stix::Timestamp::parse(text_or(mute, "until"));
  if (until && until->microseconds() <= now_us_) return;
  if (auto id = text_or(mute, "indicator"); !id.empty()) muted_ids_.insert(std::move(id));
  auto const keys = kinds::keys_of_value(text_or(mute, "kind"), text_or(mute, "value"));
  if (keys && keys->size() == 1) muted_keys_.insert(keys->front().first);
}

match::Party KnownIndicators::party_of(std::string const& creator) {
  if (creator.empty() || creator == voices_.anybody) return match::kUnnamed;
  if (creator == voices_.oneself) return match::kOneself;
  return parties_.emplace(creator, static_cast<match::Party>(parties_.size()) + 1).first->second;
}

bool KnownIndicators::is_muted(std::string const& id, std::vector<std::string> const& keys) const {
  return muted_ids_.contains(id) ||
         std::ranges::all_of(keys, [&](auto const& key) { return muted_keys_.contains(key); });
}

void KnownIndicators::add(std::string_view bytes) {
  auto const document = stix::parse_json(bytes);
  auto const object = document ? stix::parse_object(*document) : std::unexpected(std::vector<core::Error>());
  if (!object) {
    ++invalid_;
    return;
  }
  if (object->id.type() == "indicator") add_indicator(*object, *document);
  if (object->id.type() == match::kPromptTemplates) add_template(*object, *document);
}

// An observable has no creator. Where several say other fingerprints of one template, what they agree on counts: nobody
// gives another's template words that honest prompts have.
void KnownIndicators::add_template(stix::Object const& object, Json const& document) {
  auto prints = match::prints_of_template(document);
  auto const [known, is_new] =
      templates_.try_emplace({markings_of(object), kinds::lower_case(text_or(document, "template_sha256"))});
  if (!is_new) {
    std::vector<kinds::Print> both;
    std::ranges::set_intersection(known->second, prints, std::back_inserter(both));
    prints = std::move(both);
  }
  known->second = std::move(prints);
}

void KnownIndicators::add_indicator(stix::Object const& object, Json const& document) {
  auto const about = kinds::searchable(document);
  auto const kind = text_or(kinds::indicator_facts(document), "indicator_kind");
  if (!about || kind.empty() || !object.modified) return;
  if (is_muted(object.id.text(), about->keys)) {
    ++muted_;
    return;
  }
  auto const [known, is_new] = by_id_.emplace(object.id.text(), all_.size());
  auto const row = known->second;
  if (!is_new && modified_[row] >= *object.modified) return;
  if (is_new) {
    all_.emplace_back();
    bytes_.emplace_back();
    entries_.emplace_back();
    modified_.push_back(*object.modified);
    named_.emplace_back();
  }
  auto const values = kinds::values_of(document);
  all_[row] = {object.id.text(), kind, values.size() == 1 ? values.front() : std::string(),
               match::action_of(text_or(kinds::indicator_facts(document), "suggested_action")),
               party_of(text_or(document, "created_by_ref"))};
  bytes_[row] = object.bytes;
  modified_[row] = *object.modified;
  entries_[row] = entry_of(object, document, *about, kind, row);
  named_[row] = {};
  if (kind == match::kPromptTemplates) named_[row] = {markings_of(object), digest_of(document)};
}

void KnownIndicators::index() {
  match::Snapshot::Builder builder;
  builder.reserve(entries_.size());
  for (std::size_t row = 0; row < entries_.size(); ++row) {
    auto const found = templates_.find(named_[row]);
    if (found != templates_.end()) entries_[row].prints = found->second;
    auto const& facts = entries_[row].facts;
    if (facts.valid_from_us < facts.valid_until_us) ++standing_;
    builder.add(entries_[row]);
  }
  engine_.reset(std::move(builder).build(), 0);
  opened_.resize(all_.size());
  entries_ = {};
  modified_ = {};
  named_ = {};
  by_id_ = {};
}

KnownIndicators::Opened& KnownIndicators::opened(std::size_t indicator) {
  auto& out = opened_[indicator];
  if (!out) {
    out = std::make_unique<Opened>();
    out->document = stix::parse_json(bytes_[indicator]).value();
    out->values = kinds::values_of(out->document);
    out->pattern = match::pattern_of(out->document);
    out->templates = match::templates_of(out->document);
  }
  return *out;
}

std::vector<KnownHit> KnownIndicators::hits_of(match::Item const& item) {
  std::vector<KnownHit> out;
  auto const found = engine_.match(item, filter_);
  std::optional<match::ItemObservation> observation;
  for (auto const& hit : found.hits) {
    if (!observation) observation.emplace(item, now_us_);
    auto const row = static_cast<std::size_t>(hit.indicator.row);
    auto& one = opened(row);
    auto const more =
        hit.field == match::Field::prompt ? std::span<Json const>(one.templates) : std::span<Json const>();
    if (!one.pattern || !observation->meets(*one.pattern, more)) continue;
    out.push_back({row,
                   {match::evidence_of(hit.field), all_[row].party, hit.score,
                    one.confidence_at(item.at_us.value_or(now_us_)), all_[row].suggested}});
  }
  return out;
}

}  // namespace tocsin::client
