#include "clients/cpp/invitation.hpp"

#include <algorithm>

namespace tocsin::client {
namespace {

std::unexpected<Failure> broken(std::string what) {
  return fail(Exit::local, "This is no invitation: " + std::move(what) + ".",
              "Copy the whole line that your operator gave you: https://HOST#…");
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  auto const begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

}  // namespace

Outcome<Invitation> parse_invitation(std::string_view line) {
  line = trimmed(line);
  auto const mark = line.find('#');
  if (!line.starts_with("https://") || mark == std::string_view::npos)
    return broken("it has not the form https://HOST#INVITATION");
  Invitation out{std::string(line.substr(0, mark)), {}, {}};
  auto rest = line.substr(mark + 1);
  if (auto const dot = rest.find('.'); dot != std::string_view::npos) {
    auto const bytes = core::from_hex(rest.substr(dot + 1));
    auto const digest = bytes ? core::to_array<32>(*bytes) : std::nullopt;
    if (!digest) return broken("what follows the dot is not 64 hexadecimal digits");
    out.authority = *digest;
    rest = rest.substr(0, dot);
  }
  bool const whole =
      rest.starts_with("tocsin_") && std::ranges::all_of(rest, [](char c) { return c > ' ' && c <= '~'; });
  if (!whole) return broken("what follows the # is not one");
  out.token = rest;
  return out;
}

}  // namespace tocsin::client
