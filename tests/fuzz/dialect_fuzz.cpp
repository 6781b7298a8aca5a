// The TLP 1 rendering of any object is what its definition says of the document: the object's own TLP markings as TLP 1
// ids, everything else as it was, in as many bytes. Of any text at all it changes nothing but whole marking ids.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "schema/stix/identifier.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/marking.hpp"
#include "server/catalog/dialect.hpp"

namespace {

using tocsin::stix::Json;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string rendered(std::string text) {
  tocsin::catalog::render_tlp1(text);
  return text;
}

std::optional<std::string> tlp1_of(std::string_view text) {
  auto id = tocsin::stix::Identifier::parse(text);
  if (!id) return std::nullopt;
  auto level = tocsin::stix::tlp_of(*id);
  if (!level) return std::nullopt;
  return std::string(tocsin::stix::tlp1_id(*level));
}

void translate(Json& value) {
  if (!value.is_string()) return;
  if (auto id = tlp1_of(value.get_ref<std::string const&>())) value = *id;
}

Json translated(Json value) {
  if (!value.is_object()) return value;
  if (auto refs = value.find("object_marking_refs"); refs != value.end() && refs->is_array())
    for (auto& ref : *refs) translate(ref);
  if (auto granular = value.find("granular_markings"); granular != value.end() && granular->is_array())
    for (auto& one : *granular)
      if (one.is_object() && one.contains("marking_ref")) translate(one["marking_ref"]);
  return value;
}

// Where the rendering differs from the text, a marking id stood and its TLP 1 id stands.
void check_differences(std::string_view before, std::string_view after) {
  require(before.size() == after.size());
  constexpr std::size_t kLength = 56, kType = 20;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    std::size_t begin = before.rfind("marking-definition--", i);
    require(begin != std::string_view::npos && i < begin + kLength && i >= begin + kType);
    require(after.substr(begin, kLength) == tlp1_of(before.substr(begin, kLength)));
    i = begin + kLength;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string text(reinterpret_cast<char const*>(data), size);
  check_differences(text, rendered(text));
  auto document = tocsin::stix::parse_json(text);
  if (!document) return 0;
  auto canonical = tocsin::stix::canonical_json(*document);
  auto once = rendered(canonical);
  require(once == tocsin::stix::canonical_json(translated(*document)));
  require(rendered(once) == once);
  require(rendered(canonical + "," + canonical) == once + "," + once);
  return 0;
}
