#include <algorithm>

#include "schema/core/bytes.hpp"
#include "server/http/message.hpp"
#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

constexpr std::size_t kMostParameters = 64;

}  // namespace

core::Result<Query> Query::parse(std::string_view text) {
  Query query;
  while (!text.empty()) {
    std::string_view pair = take_until(text, '&');
    if (pair.empty()) continue;
    auto key = percent_decode(take_until(pair, '='));
    auto value = percent_decode(pair);
    if (!key || !value || !core::is_utf8(*key) || !core::is_utf8(*value))
      return core::fail(core::Code::bad_parameter,
                        "The query string holds a broken percent escape, a NUL or bytes that are not UTF-8.", "",
                        "Encode parameters as percent-escaped UTF-8.");
    if (query.parameters_.size() == kMostParameters)
      return core::fail(core::Code::bad_parameter, "The query string has more than 64 parameters.", "",
                        "Send a list as one comma-separated value.");
    query.parameters_.emplace_back(*std::move(key), *std::move(value));
  }
  return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
  for (auto const& [key, value] : parameters_)
    if (key == name) return value;
  return std::nullopt;
}

std::size_t Query::count(std::string_view name) const {
  auto same = [&](auto const& parameter) { return parameter.first == name; };
  return static_cast<std::size_t>(std::ranges::count_if(parameters_, same));
}

}  // namespace tocsin::http
