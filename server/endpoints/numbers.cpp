#include "server/endpoints/numbers.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>

namespace tocsin::endpoints {
namespace {

std::unexpected<core::Error> wrong(std::string sentence, std::string remedy) {
  return core::fail(core::Code::bad_parameter, std::move(sentence), "", std::move(remedy));
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  auto const* end = text.data() + text.size();
  auto const read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || text.starts_with('-')) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

std::string list_of(std::initializer_list<std::string_view> names) {
  std::string out;
  for (auto const& name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

}  // namespace

core::Result<Numbers> numbers_in(http::Query const& query, std::initializer_list<std::string_view> names) {
  Numbers out;
  for (auto const& [given, value] : query.parameters()) {
    auto const* name = std::ranges::find(names, std::string_view(given));
    if (name == names.end())
      return wrong("There is a parameter here that this path does not have.", "It has: " + list_of(names) + ".");
    auto const number = number_of(value);
    if (!number)
      return wrong("The parameter " + std::string(*name) + " is not a whole number below 2^63.",
                   "Write it in digits alone.");
    if (!out.emplace(*name, *number).second)
      return wrong("The parameter " + std::string(*name) + " occurs more than once.", "Send it once.");
  }
  return out;
}

}  // namespace tocsin::endpoints
