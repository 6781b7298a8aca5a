#include "server/access/moderation.hpp"

#include <algorithm>
#include <array>

namespace tocsin::access {
namespace {

constexpr std::array<std::string_view, 4> kModeration{"off", "new", "chosen", "all"};
constexpr std::array<std::string_view, 3> kStanding{"", "moderated", "trusted"};

bool has_published(Directory const& directory, store::Collection const& collection, store::RowId organisation) {
  return std::ranges::any_of(directory.tables().corners, [&](store::PublicationCount const& corner) {
    return corner.collection == collection.row && corner.asserter == organisation;
  });
}

}  // namespace

bool waits(Directory const& directory, store::Collection const& collection, store::RowId organisation,
           std::string_view instance) {
  if (collection.moderation == "off") return false;
  auto const* who = directory.organisation(organisation);
  if (who == nullptr) return true;
  if (who->identity == instance || who->standing == "trusted") return false;
  if (who->standing == "moderated" || collection.moderation == "all") return true;
  return collection.moderation == "new" && !has_published(directory, collection, organisation);
}

core::Result<void> check_moderation(std::string_view text) {
  if (std::ranges::find(kModeration, text) != kModeration.end()) return {};
  return core::fail(core::Code::bad_parameter, "`moderation` says nothing that is known.", "/moderation",
                    "Use off, new, chosen or all.");
}

core::Result<void> check_standing(std::string_view text) {
  if (std::ranges::find(kStanding, text) != kStanding.end()) return {};
  return core::fail(core::Code::bad_parameter, "`standing` says nothing that is known.", "/standing",
                    R"(Use moderated or trusted; "" for as the collection has it.)");
}

}  // namespace tocsin::access
