#include "server/stream/subjects.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace tocsin;
using nlohmann::json;

namespace {

// Everything an object is about, as one list.
std::vector<std::string> about(std::string const& type, std::string const& bytes) {
  auto subjects = stream::subjects_of(type, bytes);
  std::vector<std::string> out;
  for (auto const& network : subjects.networks) out.push_back(network.text());
  for (auto number : subjects.numbers) out.push_back("AS" + std::to_string(number));
  return out;
}

std::vector<std::string> pattern(std::string const& text) {
  return about("indicator", json{{"type", "indicator"}, {"pattern_type", "stix"}, {"pattern", text}}.dump());
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("a pattern is about the addresses that it asks to be equal, in, inside or around", "[stream][subjects]") {
  CHECK(pattern("[ipv4-addr:value = '9.9.9.9']") == List{"9.9.9.9"});
  CHECK(pattern("[ipv4-addr:value IN ('9.9.9.9', '9.9.9.1/32')]") == List{"9.9.9.1", "9.9.9.9"});
  CHECK(pattern("[ipv4-addr:value ISSUBSET '9.9.9.0/24']") == List{"9.9.9.0/24"});
  CHECK(pattern("[ipv6-addr:value ISSUPERSET '2A00::/32']") == List{"2a00::/32"});
  CHECK(pattern("[autonomous-system:number = 150]") == List{"AS150"});
  CHECK(pattern("[autonomous-system:number IN (150, 3, 150)]") == List{"AS3", "AS150"});
}

TEST_CASE("comparisons are found wherever they stand in a pattern", "[stream][subjects]") {
  CHECK(
      pattern("([domain-name:value = 'a.example' OR ipv4-addr:value = '9.9.9.9'] FOLLOWEDBY [file:name = 'x'] AND "
              "[(ipv6-addr:value = '2a00::1' OR autonomous-system:number = 7) OR file:name = 'y']) WITHIN 5 SECONDS") ==
      List{"9.9.9.9", "2a00::1", "AS7"});
}

TEST_CASE("a comparison with NOT, or of another kind or property, is about nothing", "[stream][subjects]") {
  for (char const* text :
       {"[ipv4-addr:value NOT = '9.9.9.9']", "[ipv4-addr:value != '9.9.9.9']", "[ipv4-addr:value NOT IN ('9.9.9.9')]",
        "[ipv4-addr:value NOT ISSUBSET '9.9.9.0/24']", "[ipv4-addr:value LIKE '9.9.9.%']",
        "[ipv4-addr:value MATCHES '9.9.9.9']", "[ipv4-addr:value > '9.9.9.9']", "[EXISTS ipv4-addr:value]",
        "[ipv4-addr:resolves_to_refs[0].value = '9.9.9.9']", "[ipv4-addr:x = '9.9.9.9']",
        "[domain-name:value = '9.9.9.9']", "[ipv4-addr:value = 'ipv4-addr']", "[autonomous-system:number > 7]",
        "[autonomous-system:number NOT = 7]", "[autonomous-system:name = 'AS7']",
        "[autonomous-system:number = 4294967296]", "[autonomous-system:number = -1]"}) {
    INFO(text);
    CHECK(pattern(text).empty());
  }
}

TEST_CASE("host bits are taken for zero, mapped IPv4 for IPv4, and what lies in another is left out",
          "[stream][subjects]") {
  CHECK(pattern("[ipv4-addr:value = '9.9.9.9/24']") == List{"9.9.9.0/24"});
  CHECK(pattern("[ipv6-addr:value = '::ffff:9.9.9.9']") == List{"9.9.9.9"});
  CHECK(pattern("[ipv4-addr:value IN ('9.9.9.9', '9.9.0.0/16', '9.9.9.0/24', '9.10.0.0/16')]") ==
        List{"9.9.0.0/16", "9.10.0.0/16"});
}

TEST_CASE("an observable is about what it is", "[stream][subjects]") {
  CHECK(about("ipv4-addr", R"({"type":"ipv4-addr","value":"9.9.9.0/24"})") == List{"9.9.9.0/24"});
  CHECK(about("ipv6-addr", R"({"type":"ipv6-addr","value":"2a00::1"})") == List{"2a00::1"});
  CHECK(about("autonomous-system", R"({"type":"autonomous-system","number":150})") == List{"AS150"});
}

TEST_CASE("anything else is about nothing", "[stream][subjects]") {
  CHECK(about("malware", R"({"type":"malware","value":"9.9.9.9"})").empty());
  CHECK(about("ipv4-addr", R"({"value":5})").empty());
  CHECK(about("ipv4-addr", R"({"value":"of another make"})").empty());
  CHECK(about("ipv4-addr", "no json").empty());
  CHECK(about("ipv4-addr", "[]").empty());
  CHECK(about("autonomous-system", R"({"number":"150"})").empty());
  CHECK(about("indicator", R"({"pattern_type":"snort","pattern":"[ipv4-addr:value = '9.9.9.9']"})").empty());
  CHECK(about("indicator", R"({"pattern_type":"stix","pattern":"[ipv4-addr:value = "})").empty());
  CHECK(about("indicator", R"({"description":"[ipv4-addr:value = '9.9.9.9']"})").empty());
}
