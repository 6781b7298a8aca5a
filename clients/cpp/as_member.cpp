#include "clients/cpp/as_member.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "clients/cpp/json_access.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

bool holds(std::string_view text, std::string_view identity) {
  auto const same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  return !std::ranges::search(text, identity, same).empty();
}

bool same_text(std::string_view a, std::string_view b) { return a.size() == b.size() && holds(a, b); }

}  // namespace

Outcome<void> name_instance(Identities const& identities, std::list<std::string>& texts, std::vector<Item>& items) {
  for (Item& item : items) {
    auto object = stix::parse_json(item.bytes);
    if (!object) return fail(Exit::local, std::move(object.error()), "Correct the file.");
    auto const creator = text_or(*object, "created_by_ref");
    if (object->contains("created") && (creator.empty() || same_text(creator, identities.own))) {
      (*object)["created_by_ref"] = identities.instance;
      item.bytes = texts.emplace_back(object->dump());
    }
    // The text is serialised anew, so that no escape hides what it holds.
    if (holds(object->dump(), identities.own))
      return fail(Exit::local,
                  "Object " + std::to_string(item.number) + " of " + std::string(item.input) +
                      " holds your organisation's identity besides its creator.",
                  "Take it out, or submit the object without --as-member.");
  }
  return {};
}

}  // namespace tocsin::client
