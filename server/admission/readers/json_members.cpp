#include "server/admission/readers/json_members.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"
#include "server/admission/scanner.hpp"

namespace tocsin::admission {
namespace {

constexpr std::size_t kMostMembers = 256;

std::unexpected<core::Error> not_an(std::string_view what) {
  return core::fail(core::Code::items_invalid, "A part of the body that should be " + std::string(what) + " is not.",
                    "", "Send the document as its program wrote it.");
}

}  // namespace

core::Result<JsonMembers> members_of(std::string_view object) {
  Scanner scanner(object);
  JsonMembers out;
  if (!scanner.take('{')) return not_an("an object");
  if (scanner.take('}')) return scanner.at_end() ? core::Result<JsonMembers>(out) : not_an("an object");
  do {
    auto const name = stix::parse_json(scanner.value());
    if (!name) return std::unexpected(name.error());
    if (!name->is_string() || !scanner.take(':')) return not_an("an object");
    auto const value = scanner.value();
    if (value.empty() || out.size() == kMostMembers) return not_an("an object of at most 256 members");
    if (!out.emplace(name->get<std::string>(), value).second)
      return core::fail(core::Code::json_duplicate_name, "An object of the body has two members of one name.", "",
                        "Send the document as its program wrote it.");
  } while (scanner.take(','));
  if (!scanner.take('}') || !scanner.at_end()) return not_an("an object");
  return out;
}

core::Result<void> for_elements(std::string_view array, TakeElement const& element) {
  Scanner scanner(array);
  if (!scanner.take('[')) return not_an("an array");
  if (scanner.take(']')) return scanner.at_end() ? core::Result<void>() : not_an("an array");
  std::size_t index = 0;
  do {
    auto const text = scanner.value();
    if (text.empty()) return not_an("an array");
    if (!element(index++, text)) return {};
  } while (scanner.take(','));
  if (!scanner.take(']') || !scanner.at_end()) return not_an("an array");
  return {};
}

}  // namespace tocsin::admission
