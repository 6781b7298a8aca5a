#include "server/admission/said_of.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/stix/identifier.hpp"

namespace tocsin::admission {
namespace {

void add(std::vector<std::string>& subjects, stix::Json const& reference) {
  if (!reference.is_string()) return;
  auto const id = stix::Identifier::parse(reference.get_ref<std::string const&>());
  if (!id) return;
  auto text = stix::Identifier::make(id->type(), id->uuid()).text();
  if (std::ranges::find(subjects, text) == subjects.end()) subjects.push_back(std::move(text));
}

}  // namespace

std::vector<std::string> said_of(stix::Json const& document) {
  std::vector<std::string> out;
  auto const type = document.value("type", std::string());
  if (type == "sighting") add(out, document.value("sighting_of_ref", stix::Json()));
  if (type != "opinion") return out;
  auto const subjects = document.value("object_refs", stix::Json::array());
  for (std::size_t i = 0; i < std::min(subjects.size(), kMostSubjects); ++i) add(out, subjects[i]);
  return out;
}

}  // namespace tocsin::admission
