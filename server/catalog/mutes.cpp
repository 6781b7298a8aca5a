#include "server/catalog/mutes.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "schema/kinds/kinds.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::catalog {
namespace {

std::string subject_of(core::Uuid const& indicator) { return "indicator--" + core::to_text(indicator); }

// The kind and the value that an indicator of this observable has.
std::optional<std::pair<std::string, std::string>> value_of(std::string_view type, nlohmann::json const& observable) {
  auto const value = observable.find("value"), number = observable.find("number");
  if ((type == "ipv4-addr" || type == "ipv6-addr") && value != observable.end() && value->is_string())
    return std::pair("ip-range", value->get<std::string>());
  if (type == "autonomous-system" && number != observable.end() && number->is_number_unsigned())
    return std::pair("proxy-asn", "AS" + number->dump());
  return std::nullopt;
}

}  // namespace

core::Result<std::string> mute_subject(std::string_view indicator) {
  auto const id = stix::Identifier::parse(indicator);
  if (id && id->type() == "indicator") return subject_of(id->uuid());
  return core::fail(core::Code::bad_parameter, "`indicator` is not the id of an indicator.", "/indicator",
                    "tocsin search prints ids. Of a value send `kind` and `value`.");
}

core::Result<std::string> mute_subject(std::string_view kind, std::string_view value) {
  auto const* known = kinds::find_kind(kind);
  if (known == nullptr || !known->makes_indicator())
    return core::fail(core::Code::bad_parameter, "`kind` names no kind of indicators.", "/kind",
                      "The kinds are in docs/kinds.md.");
  auto const keys = kinds::keys_of_value(kind, value);
  if (keys && keys->size() == 1 && keys->front().end == keys->front().first + '\0') return keys->front().first;
  return core::fail(core::Code::bad_parameter, "`value` is not one value of the kind.", "/value",
                    keys ? "Mute each by itself." : keys.error().remedy);
}

Mutes::Mutes(std::vector<store::Mute> all) : all_(std::move(all)) {
  for (std::size_t i = 0; i < all_.size(); ++i) by_subject_.emplace(all_[i].subject, i);
}

store::Mute const* Mutes::standing(std::string const& subject, std::int64_t now_us) const {
  auto const found = by_subject_.find(subject);
  if (found == by_subject_.end()) return nullptr;
  auto const& mute = all_[found->second];
  return mute.until_us && *mute.until_us <= now_us ? nullptr : &mute;
}

store::Mute const* Mutes::find(nlohmann::json const& indicator, std::int64_t now_us) const {
  if (all_.empty()) return nullptr;
  auto const id = stix::Identifier::parse(indicator.value("id", std::string()));
  if (id && id->type() == "indicator")
    if (auto const* mute = standing(subject_of(id->uuid()), now_us)) return mute;
  auto const searchable = kinds::searchable(indicator);
  if (!searchable) return nullptr;
  store::Mute const* first = nullptr;
  for (auto const& key : searchable->keys) {
    auto const* mute = standing(key, now_us);
    if (mute == nullptr) return nullptr;
    if (first == nullptr) first = mute;
  }
  return first;
}

store::Mute const* Mutes::find(std::string_view type, std::string_view text, std::int64_t now_us) const {
  if (all_.empty()) return nullptr;
  auto const document = stix::parse_json(text);
  if (!document) return nullptr;
  if (type == "indicator") return find(*document, now_us);
  auto const value = value_of(type, *document);
  if (!value) return nullptr;
  auto const subject = mute_subject(value->first, value->second);
  return subject ? standing(*subject, now_us) : nullptr;
}

}  // namespace tocsin::catalog
