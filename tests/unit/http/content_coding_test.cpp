#include "server/http/content_coding.hpp"

#include <vector>

#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

// Decodes with pieces of `input_step` bytes into room for `room` bytes; the error's code on failure.
core::Result<std::string> decode(Coding coding, std::string_view bytes, std::size_t input_step, std::size_t room) {
  auto decoder = make_decoder(coding);
  std::string out, buffer(room, '\0');
  for (std::size_t at = 0; at < bytes.size(); at += input_step) {
    std::string_view input = bytes.substr(at, input_step);
    for (;;) {
      auto made = decoder->decode(input, std::span(buffer));
      if (!made) return std::unexpected(made.error());
      if (*made == 0) break;
      out.append(buffer, 0, *made);
    }
  }
  if (!decoder->complete()) return core::fail(core::Code::bad_request, "incomplete");
  return out;
}

std::string sample(std::size_t size) {
  std::string text;
  for (unsigned i = 0; text.size() < size; ++i) text += std::to_string(i * 2654435761u) + (i % 7 == 0 ? "\n" : ",");
  text.resize(size);
  return text;
}

TEST_CASE("What is compressed comes back, whatever the sizes of the pieces", "[http][coding]") {
  for (Coding coding : {Coding::gzip, Coding::zstd})
    for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{70'000}}) {
      std::string const text = sample(size);
      std::string const packed = compress(coding, text);
      INFO(name(coding) << " " << size);
      CHECK(decode(coding, packed, packed.size(), 64 * 1024) == text);
      CHECK(decode(coding, packed, 1, 100) == text);
      CHECK(decode(coding, packed, 1'000, 1) == text);
    }
}

TEST_CASE("An encoder fed piece by piece makes what a decoder undoes", "[http][coding]") {
  std::string const text = sample(300'000);
  for (Coding coding : {Coding::gzip, Coding::zstd}) {
    auto encoder = make_encoder(coding);
    std::string packed;
    for (std::size_t at = 0; at < text.size(); at += 50'000)
      encoder->encode(std::string_view(text).substr(at, 50'000), at + 50'000 >= text.size(), packed);
    CHECK(packed.size() < text.size());
    CHECK(decode(coding, packed, 4'096, 4'096) == text);
  }
}

TEST_CASE("Broken, cut and lengthened data is refused", "[http][coding]") {
  for (Coding coding : {Coding::gzip, Coding::zstd}) {
    std::string const packed = compress(coding, sample(5'000));
    INFO(name(coding));
    CHECK_FALSE(decode(coding, "this is not compressed at all", 100, 100));
    for (std::size_t cut : {std::size_t{1}, packed.size() / 2, packed.size() - 1})
      CHECK_FALSE(decode(coding, packed.substr(0, cut), 512, 1'024));
    CHECK_FALSE(decode(coding, packed + "more", 100'000, 1'024));
    CHECK_FALSE(decode(coding, packed + "more", 1, 1'024));
  }
}

TEST_CASE("A second gzip member is refused: the end of the first is the end", "[http][coding]") {
  std::string const packed = compress(Coding::gzip, "a");
  CHECK_FALSE(decode(Coding::gzip, packed + packed, 1'000, 1'000));
}

TEST_CASE("A decoder never makes more than there is room for, however dense the input", "[http][coding]") {
  for (Coding coding : {Coding::gzip, Coding::zstd}) {
    std::string const bomb = compress(coding, std::string(50'000'000, '\0'));
    CHECK(bomb.size() < 1'000'000);
    auto decoder = make_decoder(coding);
    std::string_view input = bomb;
    std::string room(10'000, '\0');
    auto made = decoder->decode(input, std::span(room));
    REQUIRE(made);
    CHECK(*made <= room.size());
  }
}

TEST_CASE("Negotiation takes the highest q-value, zstd before gzip", "[http][coding]") {
  std::vector<std::pair<std::string_view, Coding>> const rows{
      {"", Coding::identity},
      {"gzip", Coding::gzip},
      {"GZIP", Coding::gzip},
      {"x-gzip", Coding::gzip},
      {"zstd", Coding::zstd},
      {"gzip, zstd", Coding::zstd},
      {"gzip, deflate, br, zstd", Coding::zstd},
      {"gzip;q=1.0, zstd;q=0.5", Coding::gzip},
      {"gzip;q=0, zstd;q=0", Coding::identity},
      {"gzip;q=0.5, identity;q=0.9", Coding::identity},
      {"gzip;q=0.9, identity;q=0.5", Coding::gzip},
      {"br", Coding::identity},
      {"*", Coding::gzip},
      {"*;q=0", Coding::identity},
      {"gzip;q=0, *", Coding::identity},
      {"gzip;q=2", Coding::identity},
      {"gzip;q=0.0001", Coding::identity},
      {"gzip;q=x", Coding::identity},
      {"gzip; q=0.5 , zstd ; q=0.6", Coding::zstd},
      {"gzip;q=0.123", Coding::gzip},
      {",,;=,gzip", Coding::gzip},
  };
  for (auto const& [text, expected] : rows) {
    INFO(text);
    CHECK(negotiate(text) == expected);
  }
}

TEST_CASE("A Content-Encoding is one known coding", "[http][coding]") {
  CHECK(parse_coding("gzip") == Coding::gzip);
  CHECK(parse_coding("Zstd") == Coding::zstd);
  CHECK(parse_coding("identity") == Coding::identity);
  for (std::string_view text : {"", "br", "deflate", "gzip, gzip", "gzip;q=1"}) CHECK_FALSE(parse_coding(text));
}

}  // namespace
}  // namespace tocsin::http
