// Lines of invitations of any bytes: what is taken names a server and has all its parts, whatever stands around it.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "clients/cpp/invitation.hpp"

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using tocsin::client::parse_invitation;
  std::string const line(reinterpret_cast<char const*>(data), size);
  auto const read = parse_invitation(line);
  auto const spaced = parse_invitation(" \t" + line + "\r\n");
  must(read.has_value() == spaced.has_value());
  if (!read) return 0;
  must(read->url.starts_with("https://") && read->token.starts_with("tocsin_"));
  must(read->token == spaced->token && read->url == spaced->url && read->authority == spaced->authority);
  must(line.contains(read->url + "#" + read->token));
  return 0;
}
