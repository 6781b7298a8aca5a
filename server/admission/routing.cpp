#include "server/admission/routing.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "schema/kinds/kinds.hpp"

namespace tocsin::admission {
namespace {

using stix::Json;

struct Row {
  std::string_view type, kind;  // that it is the observable or the object of
};
constexpr Row kTypes[] = {{"ipv4-addr", "ip-range"},
                          {"ipv6-addr", "ip-range"},
                          {"autonomous-system", "proxy-asn"},
                          {"domain-name", "proxy-domain"},
                          {"network-traffic", "user-agent"},
                          {"user-account", "account-pattern"},
                          {"tls-fingerprint", "tls-fingerprint"},
                          {"prompt-template", "prompt-template"},
                          {"llm-usage-profile", "usage-profile"},
                          {"keyed-identifier", "keyed-identifier"},
                          {"llm-canary", "canary"},
                          {"infrastructure", "proxy-network"}};

std::string_view collection_of_kind(std::string_view kind) {
  auto const* found = kinds::find_kind(kind);
  return found == nullptr ? std::string_view() : found->collection;
}

std::string_view collection_of_type(std::string_view type) {
  auto const* found = std::ranges::find(kTypes, type, &Row::type);
  return found == std::end(kTypes) ? std::string_view() : collection_of_kind(found->kind);
}

// "ipv4-addr" of "[ipv4-addr:value = …]".
std::string_view compared(std::string_view pattern) {
  auto const begin = pattern.find_first_not_of("[( ");
  if (begin == pattern.npos) return {};
  pattern.remove_prefix(begin);
  return pattern.substr(0, pattern.find(':'));
}

std::string_view by_itself(Parsed const& parsed, Json const& document) {
  if (auto const found = collection_of_kind(parsed.kind); !found.empty()) return found;
  auto const type = parsed.object.id.type();
  if (type == "indicator") return collection_of_type(compared(document.value("pattern", std::string())));
  return collection_of_type(type);
}

// The objects that it is about, in the order in which STIX has their properties.
std::vector<std::string> named_by(Json const& document) {
  std::vector<std::string> out;
  for (auto const* name : {"source_ref", "target_ref", "sighting_of_ref"})
    if (auto const found = document.find(name); found != document.end() && found->is_string())
      out.push_back(found->get<std::string>());
  if (auto const found = document.find("object_refs"); found != document.end() && found->is_array())
    for (auto const& one : *found)
      if (one.is_string()) out.push_back(one.get<std::string>());
  return out;
}

}  // namespace

std::vector<std::string_view> collections_of(std::span<Parsed const* const> objects) {
  std::vector<std::string_view> out(objects.size());
  std::map<std::string, std::string_view, std::less<>> by_id;
  std::vector<std::vector<std::string>> named(objects.size());
  std::string_view first;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    auto const document = stix::parse_json(objects[i]->object.bytes);
    if (!document) continue;
    out[i] = by_itself(*objects[i], *document);
    if (out[i].empty()) named[i] = named_by(*document);
    if (first.empty()) first = out[i];
    if (!out[i].empty()) by_id.emplace(objects[i]->object.id.text(), out[i]);
  }
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!out[i].empty()) continue;
    for (auto const& id : named[i])
      if (auto const found = by_id.find(id); out[i].empty() && found != by_id.end()) out[i] = found->second;
    if (named[i].empty()) out[i] = first;
  }
  return out;
}

}  // namespace tocsin::admission
