// Encoded bodies and Accept-Encoding: a decoder never writes past its room, ends, says the same however the input is
// cut, and undoes what the encoder makes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/content_coding.hpp"

namespace {

using namespace tocsin::http;

constexpr std::size_t kLimit = 1u << 20;

void must(bool holds) {
  if (!holds) std::abort();
}

// nullopt: refused, incomplete, or more than the limit.
std::optional<std::string> decode(Coding coding, std::string_view bytes, std::size_t step) {
  auto decoder = make_decoder(coding);
  std::string out, room(4'096, '\0');
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    std::string_view input = bytes.substr(at, step);
    for (;;) {
      auto made = decoder->decode(input, std::span(room));
      if (!made) return std::nullopt;
      must(*made <= room.size());
      if (*made == 0) break;
      out.append(room, 0, *made);
      if (out.size() > kLimit) return std::nullopt;
    }
    must(input.empty());
  }
  return decoder->complete() ? std::optional(out) : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 2) return 0;
  Coding coding = data[0] % 2 == 0 ? Coding::gzip : Coding::zstd;
  std::size_t step = 1 + data[1];
  std::string_view bytes(reinterpret_cast<char const*>(data) + 2, size - 2);
  must(decode(coding, bytes, step) == decode(coding, bytes, std::max<std::size_t>(bytes.size(), 1)));
  auto whole = decode_whole(coding, bytes, kLimit);
  must((whole ? std::optional(*whole) : std::nullopt) == decode(coding, bytes, step));
  must(decode(coding, compress(coding, bytes), step) == std::string(bytes) || bytes.size() > kLimit);
  Coding chosen = negotiate(bytes);
  must(chosen == Coding::identity || bytes.contains('g') || bytes.contains('G') || bytes.contains('*') ||
       bytes.contains('z') || bytes.contains('Z'));
  return 0;
}
