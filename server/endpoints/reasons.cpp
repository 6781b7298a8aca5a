#include "server/endpoints/reasons.hpp"

#include <algorithm>
#include <string>

#include "schema/core/bytes.hpp"
#include "server/admission/harm/texts.hpp"

namespace tocsin::endpoints {
namespace {

constexpr std::size_t kShortest = 3, kLongest = 200;  // bytes

}  // namespace

core::Result<void> check_reason(std::string_view reason, ReasonFor const& what) {
  auto const name = "`" + std::string(what.name) + "`";
  auto const is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; };
  if (reason.size() < kShortest || reason.size() > kLongest || !core::is_utf8(reason) ||
      std::ranges::any_of(reason, is_control))
    return core::fail(core::Code::bad_parameter,
                      name + " is a reason of " + std::to_string(kShortest) + " to " + std::to_string(kLongest) +
                          " bytes, without control characters.",
                      std::string(what.pointer), std::string(what.say));
  auto const signs = admission::harm::signs_in(reason);
  if (signs.key || signs.card || signs.email || signs.phone)
    return core::fail(core::Code::bad_parameter, name + " holds a key, the number of a card, or personal data.",
                      std::string(what.pointer), std::string(what.told));
  return {};
}

}  // namespace tocsin::endpoints
