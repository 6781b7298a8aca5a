#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/json.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::stix {
namespace {

std::string number(double value) {
  std::string out;
  append_canonical_number(out, value);
  return out;
}

std::string number_of_bits(std::uint64_t bits) { return number(std::bit_cast<double>(bits)); }

std::string canonical_of(std::string_view text) { return canonical_json(parse_json(text).value()); }

TEST_CASE("the number samples of RFC 8785 appendix B come out as printed there", "[stix][canonical]") {
  struct Sample {
    std::uint64_t bits;
    char const* text;
  };
  Sample const samples[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (auto const& sample : samples) CHECK(number_of_bits(sample.bits) == sample.text);
}

TEST_CASE("the layout of a number changes where ECMAScript changes it", "[stix][canonical]") {
  CHECK(number(1e20) == "100000000000000000000");
  CHECK(number(1e21) == "1e+21");
  CHECK(number(1.5e21) == "1.5e+21");
  CHECK(number(1e-6) == "0.000001");
  CHECK(number(1e-7) == "1e-7");
  CHECK(number(1.25e-7) == "1.25e-7");
  CHECK(number(100000) == "100000");
  CHECK(number(56.0) == "56");
  CHECK(number(-0.5) == "-0.5");
  CHECK(number(123.456) == "123.456");
  CHECK(number(0.1 + 0.2) == "0.30000000000000004");
  CHECK(number(-1e-10) == "-1e-10");
  CHECK(number(1e100) == "1e+100");
}

// The values after the hand-picked ones in the number sequence of the reference test suite: 2,000 neighbours from the
// smallest normal double, then the quarters of a chain of SHA-256 hashes that starts from zeros, read as little-endian
// doubles, without zeros, infinities and NaNs.
class NumberSequence {
 public:
  std::uint64_t next() {
    constexpr std::uint64_t kSmallestNormal = 0x0010000000000000, kNeighbours = 2000, kExponent = 0x7FFULL << 52;
    if (index_ < kNeighbours) return kSmallestNormal + index_++;
    for (;;) {
      if (used_ == block_.size()) {
        block_ = core::sha256(core::view(block_));
        used_ = 0;
      }
      std::uint64_t bits = 0;
      for (int i = 7; i >= 0; --i) bits = bits << 8 | block_[used_ + static_cast<std::size_t>(i)];
      used_ += 8;
      if (bits << 1 != 0 && (bits & kExponent) != kExponent) return bits;
    }
  }

 private:
  std::uint64_t index_ = 0;
  core::Digest block_{};
  std::size_t used_ = block_.size();
};

TEST_CASE("the lines of the reference number sequence hash to the known value", "[stix][canonical]") {
  constexpr int kLines = 200'000;
  NumberSequence sequence;
  core::Sha256 hash;
  std::string line;
  for (int i = 0; i < kLines; ++i) {
    char bits_text[17];
    auto bits = sequence.next();
    std::snprintf(bits_text, sizeof bits_text, "%llx", static_cast<unsigned long long>(bits));
    line.assign(bits_text).append(1, ',');
    append_canonical_number(line, std::bit_cast<double>(bits));
    hash.update(line += '\n');
  }
  // Measured with this code when, after the hand-picked values, it gave the published hash of the first million lines.
  CHECK(core::to_hex(core::view(hash.finish())) == "43b7af4109e747cd095f42023725ab734abc140e1536a5f17c08968db8a1b2c4");
}

TEST_CASE("every canonical number reads back as the same double and no shorter one does", "[stix][canonical]") {
  NumberSequence sequence;
  for (int i = 0; i < 100'000; ++i) {
    auto bits = sequence.next();
    auto text = number_of_bits(bits);
    if (std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)) != bits) FAIL(text);
    auto mantissa = text.substr(0, text.find('e'));
    if (mantissa.contains('.') && mantissa.ends_with('0')) FAIL(text);
    if (text.contains("e0") || text.contains("e+0") || text.contains("e-0")) FAIL(text);
    if (text.starts_with('.') || text.contains("-.") || mantissa.ends_with('.')) FAIL(text);
  }
  SUCCEED();
}

TEST_CASE("integers are written as they are", "[stix][canonical]") {
  CHECK(canonical_of("[9007199254740991,-9007199254740991,0,-0,10,-1]") ==
        "[9007199254740991,-9007199254740991,0,0,10,-1]");
}

TEST_CASE("names are sorted by UTF-16 code units", "[stix][canonical]") {
  CHECK(canonical_of(
            "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\","
            "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
            "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}") ==
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
        "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro Sign\","
        "\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST_CASE("the order of code units holds inside names, between prefixes and within a plane", "[stix][canonical]") {
  CHECK(canonical_of("{\"a\xEE\x80\x80\":1,\"a\xF0\x90\x80\x80\":2,\"a\":3,\"aa\":4}") ==
        "{\"a\":3,\"aa\":4,\"a\xF0\x90\x80\x80\":2,\"a\xEE\x80\x80\":1}");
  CHECK(canonical_of("{\"\xF0\x9F\x98\x81\":1,\"\xF0\x9F\x98\x80\":2,\"\xED\x9F\xBF\":3}") ==
        "{\"\xED\x9F\xBF\":3,\"\xF0\x9F\x98\x80\":2,\"\xF0\x9F\x98\x81\":1}");
  CHECK(canonical_of("{\"\xF0\x9F\x98\x80\xEE\x80\x80\":1,\"\xF0\x9F\x98\x80\":2,\"\xF0\x9F\x98\x80z\":3}") ==
        "{\"\xF0\x9F\x98\x80\":2,\"\xF0\x9F\x98\x80z\":3,\"\xF0\x9F\x98\x80\xEE\x80\x80\":1}");
}

TEST_CASE("ASCII names are sorted by their bytes and inner objects too", "[stix][canonical]") {
  CHECK(canonical_of(R"({"b":{"z":1,"Z":2,"_":3},"a":[{"2":1,"10":2}],"A":null})") ==
        R"({"A":null,"a":[{"10":2,"2":1}],"b":{"Z":2,"_":3,"z":1}})");
}

TEST_CASE("strings escape what RFC 8785 escapes and nothing else", "[stix][canonical]") {
  std::string out;
  append_canonical_string(out, std::string_view("\0\x01\b\t\n\x0B\f\r\x1F \"\\/\x7F\xC2\x80\xE2\x80\xA8<>&'", 23));
  CHECK(out == "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/\x7F\xC2\x80\xE2\x80\xA8<>&'\"");
}

TEST_CASE("characters are not normalised", "[stix][canonical]") {
  CHECK(canonical_of("\"A\\u030a\"") == "\"A\xCC\x8A\"");
  CHECK(canonical_of("\"\\u00c5\"") == "\"\xC3\x85\"");
}

TEST_CASE("white space goes and order of arrays stays", "[stix][canonical]") {
  CHECK(canonical_of(" [ 56.0 , { \"d\" : true , \"10\" : null , \"1\" : [ ] } , { } , \"x\" ] ") ==
        R"([56,{"1":[],"10":null,"d":true},{},"x"])");
}

TEST_CASE("the example of RFC 8785 section 3.2.4 comes out as printed there", "[stix][canonical]") {
  CHECK(canonical_of(R"({"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],)"
                     R"("string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]})") ==
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
        "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST_CASE("a document equals the one that its canonical text makes", "[stix][canonical]") {
  Json document =
      parse_json(R"({"b":[1.0,2.50,-0.0,1e21,1e-9,"\u00e9"],"a":{"\ud83d\ude00":1e2,"\ufb33":[]}})").value();
  auto text = canonical_json(document);
  CHECK(parse_json(text).value() == document);
  CHECK(canonical_of(text) == text);
}

TEST_CASE("published STIX schemas and examples reach a canonical text that stays", "[stix][canonical][data]") {
  std::filesystem::path const folder = "../shared/data/oasis-open+cti-stix2-json-schemas";
  if (!std::filesystem::exists(folder)) TOCSIN_SKIP("the OASIS schemas are not beside the repository");
  int files = 0;
  for (auto const& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    INFO(entry.path());
    std::ifstream file(entry.path(), std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    auto document = parse_json(text);
    REQUIRE(document.has_value());
    CHECK(*document == Json::parse(text));
    auto canonical = canonical_json(*document);
    CHECK(canonical_of(canonical) == canonical);
    ++files;
  }
  CHECK(files > 50);
}

}  // namespace
}  // namespace tocsin::stix
