#include "schema/kinds/to_stix.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "schema/kinds/campaign.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::kinds {
namespace {

using Findings = std::vector<core::Error>;
using stix::Timestamp;

constexpr std::int64_t kSecond = 1'000'000;  // in microseconds
// Said again within this part of its lifetime, an item that does not say until when is not new.
constexpr std::int64_t kRenewedAfter = 10;

std::string text_of(std::string_view text) { return std::string(text); }

std::string moment(std::int64_t microseconds) {
  return Timestamp::from_microseconds(microseconds / 1'000 * 1'000).text();
}

std::optional<std::int64_t> moment_in(Json const& object, char const* name) {
  auto const found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  auto const parsed = Timestamp::parse(found->get_ref<std::string const&>());
  return parsed ? std::optional(parsed->microseconds()) : std::nullopt;
}

bool is_revoked(Json const& object) { return object.value("revoked", false); }

std::string id_of(Json const& object) { return object.at("id").get<std::string>(); }

bool is_bond(Kind const& kind, std::string_view property) {
  return std::ranges::find(bonds_of(kind), property, &Bond::property) != bonds_of(kind).end();
}

// One expansion at work: the document with its defaults, and what is stored of the claim.
class Maker {
 public:
  Maker(Native const& native, Context const& context)
      : kind_(native.kind()), context_(context), pattern_(native.pattern()), said_(native.document()) {
    if (context.earlier.subject && !is_revoked(*context.earlier.subject)) standing_ = context.earlier.subject.get();
    // A chain keeps its creator, and what refers to it names no other.
    creator_ = standing_ != nullptr ? standing_->value("created_by_ref", std::string()) : context.creator;
    if (kind_.makes_indicator()) {
      add_defaults();
      keep_promise();
    }
  }

  Json observable();
  Json subject();
  Json relationship(Link const& link, std::shared_ptr<Json const> const& stored);
  [[nodiscard]] Json const* predecessor() const {
    return standing_ == nullptr ? context_.earlier.subject.get() : nullptr;
  }

 private:
  void add_defaults();
  void keep_promise();
  Json marked(std::string_view type, stix::Tlp least = stix::Tlp::clear) const;
  Json body_of_observable() const;
  Json extension_of_indicator() const;
  Json extension_of_object() const;
  Json body_of_subject() const;
  std::string new_id(std::string_view type) const { return stix::Identifier::make(type, context_.new_id()).text(); }

  Kind const& kind_;
  Context const& context_;
  std::string const& pattern_;
  Json said_;
  std::string creator_;
  Json const* standing_ = nullptr;  // what this becomes a version of
};

void Maker::add_defaults() {
  std::int64_t const now = context_.now_us;
  if (!said_.contains("valid_from"))
    said_["valid_from"] = standing_ != nullptr ? standing_->at("valid_from") : Json(moment(now));
  if (said_.contains("valid_until")) return;
  auto const lifetime = kind_.lifetime(said_, context_.lifetimes);
  if (!lifetime) return;
  std::int64_t const until = std::max(now, *moment_in(said_, "valid_from")) + *lifetime * kSecond;
  auto const before = standing_ != nullptr ? moment_in(*standing_, "valid_until") : std::nullopt;
  bool const recent = before && std::abs(until - *before) < *lifetime * kSecond / kRenewedAfter;
  said_["valid_until"] = recent ? standing_->at("valid_until") : Json(moment(until));
}

// Who said until when copies may be kept is held to it: a later version can bring that moment nearer, no more.
void Maker::keep_promise() {
  if (standing_ == nullptr) return;
  auto const& before = indicator_facts(*standing_);
  auto const promised = moment_in(before, "share_until"), said = moment_in(said_, "share_until");
  if (promised && (!said || *said > *promised)) said_["share_until"] = before.at("share_until");
}

Json Maker::marked(std::string_view type, stix::Tlp least) const {
  Json out{{"type", type}, {"spec_version", "2.1"}};
  auto const level = std::max(least, *stix::parse_tlp(said_.at("tlp").get_ref<std::string const&>()));
  Json markings = Json::array({stix::tlp2_id(level)});
  if (auto const further = said_.find("markings"); further != said_.end())
    markings.insert(markings.end(), further->begin(), further->end());
  out["object_marking_refs"] = std::move(markings);
  return out;
}

// All but its id; null when there is none.
Json Maker::body_of_observable() const {
  auto const* own = stix::rules::find_own_extension(kind_.extension);
  if (own == nullptr || !kind_.makes_indicator()) return nullptr;
  Json out = kind_.observable != nullptr ? kind_.observable(said_) : Json{{"type", own->of.front()}};
  out.update(marked(out.at("type").get_ref<std::string const&>()));
  Json extension = Json::object();
  for (auto const& [name, value] : said_.items()) {
    auto const place = place_of(kind_, name);
    if (place == Place::observable) out[text_of(stix_name(name))] = value;
    if (place == Place::extension) extension[name] = value;
  }
  if (!own->makes_type && extension.empty()) return out;
  extension["extension_type"] = own->makes_type ? "new-sco" : "property-extension";
  out["extensions"] = {{text_of(own->id), std::move(extension)}};
  return out;
}

Json Maker::observable() {
  Json body = body_of_observable();
  if (body.is_null()) return body;
  auto const says = [&](std::shared_ptr<Json const> const& stored) {
    if (!stored) return false;
    Json same = *stored;
    same.erase("id");
    return same == body;
  };
  if (says(context_.earlier.observable)) return *context_.earlier.observable;
  auto const type = body.at("type").get<std::string>();
  auto const derived = kind_.identified ? stix::deterministic_id(body) : std::nullopt;
  bool const free = !context_.earlier.namesake || says(context_.earlier.namesake);
  body["id"] = derived && free ? stix::Identifier::make(type, *derived).text() : new_id(type);
  return body;
}

Json Maker::extension_of_indicator() const {
  Json out{{"extension_type", "property-extension"}, {"indicator_kind", kind_.name}};
  for (auto const& row : kCopied) {
    auto const found = said_.find(row.native);
    if (!row.below_extension || found == said_.end()) continue;
    out[text_of(row.stix)] = row.listed ? Json::array({*found}) : *found;
  }
  return out;
}

Json Maker::extension_of_object() const {
  Json out = Json::object();
  for (auto const& [name, value] : said_.items())
    if (place_of(kind_, name) == Place::extension) out[name] = value;
  if (!out.empty()) out["extension_type"] = "property-extension";
  return out;
}

// All but its id and its times.
Json Maker::body_of_subject() const {
  Json out = marked(kind_.object);
  for (auto const& row : kCopied)
    if (auto const found = said_.find(row.native); !row.below_extension && found != said_.end())
      out[text_of(row.stix)] = *found;
  for (auto const& row : kind_.rows)
    if (auto const found = said_.find(row.name); found != said_.end() && !is_bond(kind_, row.name))
      out[text_of(row.name)] = *found;
  if (!creator_.empty()) out["created_by_ref"] = creator_;
  if (!kind_.object_type.empty()) out[text_of(kind_.object) + "_types"] = Json::array({kind_.object_type});
  if (kind_.makes_indicator()) {
    out["extensions"] = {{text_of(kIndicatorExtension), extension_of_indicator()}};
    out["pattern"] = pattern_;
    out["pattern_type"] = "stix";
  } else if (auto facts = extension_of_object(); !facts.empty()) {
    out["extensions"] = {{text_of(kind_.extension), std::move(facts)}};
  }
  return out;
}

Json Maker::subject() {
  Json out = body_of_subject();
  std::int64_t now = context_.now_us;
  if (standing_ == nullptr) {
    out["id"] = new_id(kind_.object);
    out["created"] = out["modified"] = moment(now);
    return out;
  }
  for (auto const* name : {"id", "created", "modified"}) out[name] = standing_->at(name);
  if (out == *standing_) return out;
  out["modified"] = moment(std::max(now, *moment_in(*standing_, "modified") + 1'000));
  return out;
}

Json Maker::relationship(Link const& link, std::shared_ptr<Json const> const& stored) {
  bool const of_campaign = link.source.starts_with("campaign--") || link.target.starts_with("campaign--");
  Json out = marked("relationship", of_campaign ? kCampaign.floor : stix::Tlp::clear);
  out["relationship_type"] = link.type;
  out["source_ref"] = link.source;
  out["target_ref"] = link.target;
  if (!creator_.empty()) out["created_by_ref"] = creator_;
  if (stored) {
    Json same = out;
    for (auto const* name : {"id", "created", "modified"}) same[name] = stored->at(name);
    if (same == *stored) return same;
  }
  out["id"] = new_id("relationship");
  out["created"] = out["modified"] = moment(context_.now_us);
  return out;
}

// Of a finding about an object that was made here, as a finding about what it was made of.
core::Error about_native(core::Error finding, Kind const& kind) {
  finding.pointer = native_pointer(kind, finding.pointer);
  return finding;
}

}  // namespace

std::string native_pointer(Kind const& kind, std::string_view pointer) {
  while (!pointer.empty()) {
    auto const slash = pointer.rfind('/');
    auto const last = pointer.substr(slash + 1);
    if (last == "object_marking_refs") return "/tlp";
    if (last == "pattern" || last == "number") return "/value";
    auto const copied = std::ranges::find(kCopied, last, &Copied::stix);
    auto const name = copied != kCopied.end() ? copied->native : native_name(last);
    auto const& rows = native_type(kind).shape.properties;
    if (std::ranges::find(rows, name, &stix::rules::Property::name) != rows.end()) return "/" + text_of(name);
    pointer = pointer.substr(0, slash);
  }
  return {};
}

std::expected<Expansion, Findings> to_stix(Native const& native, Context const& context) {
  Maker maker(native, context);
  Findings findings;
  auto const checked = [&](Json const& document) -> std::optional<stix::Object> {
    auto parsed = stix::parse_object(document);
    if (parsed) return *std::move(parsed);
    for (auto& finding : parsed.error()) findings.push_back(about_native(std::move(finding), native.kind()));
    return std::nullopt;
  };
  Json const observable = maker.observable(), subject = maker.subject();
  Expansion out;
  Json relationship;
  if (!observable.is_null()) {
    relationship = maker.relationship({"based-on", id_of(subject), id_of(observable)}, context.earlier.relationship);
    out.observable = checked(observable);
    out.relationship = checked(relationship);
  }
  out.subject = checked(subject);
  // It names the old one: whoever may not have seen that is not told of it.
  if (auto const* predecessor = maker.predecessor();
      predecessor != nullptr && predecessor->at("object_marking_refs") == subject.at("object_marking_refs"))
    out.succession = checked(maker.relationship({"derived-from", id_of(subject), id_of(*predecessor)}, nullptr));
  if (!findings.empty()) return std::unexpected(std::move(findings));
  auto const same = [](std::shared_ptr<Json const> const& stored, Json const& now) {
    return stored ? *stored == now : now.is_null();
  };
  auto const& earlier = context.earlier;
  out.changed = !same(earlier.subject, subject) || !same(earlier.observable, observable) ||
                !same(earlier.relationship, relationship);
  return out;
}

std::vector<Link> links_of(Native const& native, stix::Object const& subject) {
  std::vector<Link> out;
  auto const& document = native.document();
  auto const add = [&](Bond const& bond, Json const& other) {
    auto const& id = other.get_ref<std::string const&>();
    out.push_back(bond.from_target ? Link{text_of(bond.type), id, subject.id.text()}
                                   : Link{text_of(bond.type), subject.id.text(), id});
  };
  for (auto const& bond : bonds_of(native.kind())) {
    auto const found = document.find(bond.property);
    if (found == document.end()) continue;
    if (!found->is_array()) add(bond, *found);
    if (found->is_array())
      for (auto const& one : *found) add(bond, one);
  }
  return out;
}

std::vector<stix::Object> to_relationships(Native const& native, stix::Object const& subject,
                                           std::span<Link const> links,
                                           std::span<std::shared_ptr<Json const> const> stored,
                                           Context const& context) {
  // What relates a subject names the creator that the subject names.
  Context about{context.now_us, subject.created_by ? subject.created_by->text() : std::string(), context.new_id, {}};
  Maker maker(native, about);
  std::vector<stix::Object> out;
  for (std::size_t i = 0; i < links.size(); ++i)
    out.push_back(stix::parse_object(maker.relationship(links[i], stored[i])).value());
  return out;
}

std::optional<stix::Identifier> observable_id(Native const& native) {
  Context const context{0, "", [] { return core::Uuid{}; }, {}};
  Json const observable = Maker(native, context).observable();
  if (observable.is_null() || !native.kind().identified) return std::nullopt;
  return *stix::Identifier::parse(id_of(observable));
}

}  // namespace tocsin::kinds
