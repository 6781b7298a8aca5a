// Events of MISP. Every attribute is an item or is refused, in the order of the body and under a pointer that leads to
// it; an item has a kind of ours and is never wider than what a tag says.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "schema/kinds/kinds.hpp"
#include "server/admission/readers/misp.hpp"

namespace {

using namespace tocsin;

void must(bool holds) {
  if (!holds) std::abort();
}

struct Seen final : admission::Items {
  explicit Seen(std::string_view body) : whole(stix::parse_json(body)) {}

  bool take(admission::Place place, stix::Json document) override {
    auto const* attribute = at(place);
    must(document.contains("kind") && kinds::find_kind(document["kind"].get_ref<std::string const&>()) != nullptr);
    if (attribute == nullptr) return true;
    must(attribute->at("to_ids") != false);
    for (auto const& tag : attribute->value("Tag", stix::Json::array()))
      if (tag.is_object() && tag.contains("name") && tag["name"] == "tlp:red") must(document.at("tlp") == "red");
    return true;
  }
  bool refuse(admission::Place place, core::Error error) override {
    must(!error.detail.empty());
    at(place);
    return true;
  }
  stix::Json const* at(admission::Place const& place) {
    must(place.pointer.starts_with('/'));
    ++found;
    if (!whole) return nullptr;
    stix::Json::json_pointer const pointer(place.pointer);
    must(whole->contains(pointer));
    return &whole->at(pointer);
  }

  core::Result<stix::Json> whole;
  std::size_t found = 0;
};

std::size_t attributes_in(stix::Json const& event) {
  std::size_t count = event.contains("Attribute") ? event["Attribute"].size() : 0;
  if (event.contains("Object"))
    for (auto const& object : event["Object"]) count += object.contains("Attribute") ? object["Attribute"].size() : 0;
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const body{reinterpret_cast<char const*>(data), size};
  Seen seen(body);
  auto const done = admission::read_misp(body, {{"confidence", "50"}}, seen);
  if (done && seen.whole && seen.whole->contains("Event")) must(seen.found == attributes_in((*seen.whole)["Event"]));
  return 0;
}
