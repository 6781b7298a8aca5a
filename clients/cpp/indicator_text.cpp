#include "clients/cpp/indicator_text.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/json_access.hpp"

namespace tocsin::client {

using nlohmann::json;

std::string value_of(json const& one) {
  auto const& several = list_or_empty(one, "values");
  if (several.empty()) return printable(text_or(one, "value", "-"));
  auto const first = several.front().is_string() ? several.front().get<std::string>() : std::string("?");
  return printable(first) + " +" + std::to_string(several.size() - 1);
}

std::string percent(json const& one, char const* name) {
  return one.contains(name) ? std::to_string(number_or(one, name, 0)) + " %" : "-";
}

std::string listed(json const& said, char const* name) {
  std::string out;
  for (auto const& one : list_or_empty(said, name))
    if (one.is_string()) out += (out.empty() ? "" : ", ") + printable(one.get<std::string>());
  return out;
}

std::string author_of(json const& one) {
  auto const named = text_or(one, "organisation"), peer = text_or(one, "origin");
  char const* unnamed = peer.empty() ? "a member that does not name itself" : "somebody who is not named";
  return printable(named.empty() ? text_or(one, "created_by_ref", unnamed) : named) +
         (peer.empty() ? "" : " through " + printable(peer));
}

void line(Console& console, std::string_view name, std::string const& value) {
  constexpr std::size_t kWidth = 14;
  if (value.empty()) return;
  console.out << "  " << name << std::string(kWidth - std::min(kWidth - 1, name.size()), ' ') << value << '\n';
}

}  // namespace tocsin::client
