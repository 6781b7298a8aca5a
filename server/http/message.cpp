#include "server/http/message.hpp"

#include <algorithm>
#include <array>

#include "server/http/text.hpp"

namespace tocsin::http {

std::string_view name(Method method) {
  constexpr std::array<std::string_view, 7> kNames{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  return kNames[static_cast<std::size_t>(method)];
}

void Headers::reserve(std::size_t bytes, std::size_t fields) {
  text_.reserve(bytes);
  slots_.reserve(fields);
}

void Headers::add(std::string_view name, std::string_view value) {
  slots_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                    static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(value);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (Slot const& slot : slots_)
    if (equal_ignoring_case(name_of(slot), name)) return value_of(slot);
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  auto same = [&](Slot const& slot) { return equal_ignoring_case(name_of(slot), name); };
  return static_cast<std::size_t>(std::ranges::count_if(slots_, same));
}

}  // namespace tocsin::http
