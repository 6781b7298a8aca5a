// If-None-Match from anywhere: no answer may depend on the W/ before a tag, and a tag put first is always found.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/http/conditional.hpp"

namespace {

bool names(std::string_view field, std::string_view etag) {
  tocsin::http::Headers headers;
  headers.add("If-None-Match", field);
  return tocsin::http::names_etag(headers, etag);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string field(reinterpret_cast<char const*>(data), size);
  if (names(field, "\"abc\"") != names(field, "W/\"abc\"")) std::abort();
  if (!names("\"abc\", " + field, "\"abc\"") || !names("W/\"abc\" ," + field, "\"abc\"")) std::abort();
  if (!field.contains('"') && field.find_first_not_of("* \t") == field.npos) return 0;
  if (names(field, "\"abc\"") && !field.contains("\"abc\"")) std::abort();
  return 0;
}
