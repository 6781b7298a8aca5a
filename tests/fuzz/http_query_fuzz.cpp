// The query string: what is accepted is UTF-8, within the limit, and reads back the same after being encoded entirely.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "server/http/message.hpp"

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

std::string encode(std::string_view text) {
  std::string out;
  for (char c : text) out += "%" + tocsin::core::to_hex(std::string_view(&c, 1));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto query = tocsin::http::Query::parse({reinterpret_cast<char const*>(data), size});
  if (!query) return 0;
  must(query->parameters().size() <= 64);
  std::string again;
  for (auto const& [name, value] : query->parameters()) {
    must(tocsin::core::is_utf8(name) && tocsin::core::is_utf8(value));
    must(!name.contains('\0') && !value.contains('\0'));
    must(query->find(name).has_value() && query->count(name) >= 1);
    again.append(again.empty() ? "" : "&").append(encode(name)).append("=").append(encode(value));
  }
  auto reread = tocsin::http::Query::parse(again);
  must(reread && reread->parameters() == query->parameters());
  return 0;
}
