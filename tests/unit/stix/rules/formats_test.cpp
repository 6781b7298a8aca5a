#include "schema/stix/rules/formats.hpp"

#include <vector>

#include "schema/stix/rules/extensions.hpp"
#include "schema/stix/rules/types.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::stix::rules {
namespace {

using Samples = std::vector<std::string>;

void check(Format const& format, Samples const& good, Samples const& bad) {
  for (auto const& text : good) {
    INFO(format.form << ": " << text);
    CHECK(format.accepts(text));
  }
  for (auto const& text : bad) {
    INFO(format.form << ": " << text);
    CHECK_FALSE(format.accepts(text));
  }
}

TEST_CASE("forms of strings are told apart", "[stix][formats]") {
  check(kHex, {"00", "c0FFee"}, {"", "0", "0g", "0 "});
  check(kBinary, {"AA==", "AAA=", "AAAA", "+/+/"}, {"", "A", "AA=", "A===", "AA=A", "====", "AAAA\n"});
  check(kLanguage, {"en", "de-CH-1996", "x-private", "i-klingon", "zh-Hant"},
        {"", "e", "en_US", "en-", "-en", "toolonglanguage", "e1", "en--US"});
  check(kUrl, {"https://example.com", "urn:x:y", "a+b.c-d:e"},
        {"", "example.com", ":x", "http:", "1http://x", "http://a b"});
  check(kMac, {"00:00:ab:cd:ef:01"}, {"", "00:00:AB:cd:ef:01", "00:00:ab:cd:ef:01:02", "0000:ab:cd:ef:01x"});
  check(kDomain, {"example.com", "a", "x_y.example.", std::string(63, 'a') + ".example"},
        {"", ".", "a..b", ".a", "a b", "*.example.com", "a/b", std::string(64, 'a') + ".example"});
  check(kEmail, {"a@b", "\"a b\"@c", "x.y+z@example.com"}, {"", "@", "a@", "@b", "a b@c", "<a@b>"});
  check(kCpe, {"cpe:2.3:a:b:c:1\\:0:*:*:*:*:*:*:*", "cpe:2.3:*:*:*:*:*:*:*:*:*:*:*"},
        {"", "cpe:2.3:a:b", "cpe:2.3:x:b:c:1:*:*:*:*:*:*:*"});
  check(kIpv4, {"0.0.0.0", "255.255.255.255/0", "10.2.4.5/24"},
        {"", "/24", "1.2.3", "1.2.3.4/", "1.2.3.4/+1", "1.2.3.4/33", "01.2.3.4"});
  check(kIpv6, {"::", "::ffff:1.2.3.4", "2001:DB8::/32"},
        {"", "::/", "::/129", ":::", "1.2.3.4", std::string(46, ':')});
}

TEST_CASE("an embedded zero byte does not end an address early", "[stix][formats]") {
  CHECK_FALSE(kIpv4.accepts(std::string_view("1.2.3.4\0x", 9)));
}

TEST_CASE("names have the lengths and characters of section 3.1", "[stix][formats]") {
  CHECK(is_property_name("x_1"));
  CHECK(is_property_name(std::string(250, 'a')));
  for (auto const& name : Samples{"", "ab", "1ab", "a-b", "Abc", "_ab", std::string(251, 'a')})
    CHECK_FALSE(is_property_name(name));
  CHECK(is_dictionary_key("A"));
  for (auto const& key : Samples{"", "a b", "a.b", std::string(251, 'a')}) CHECK_FALSE(is_dictionary_key(key));
}

TEST_CASE("every table is sorted by name, so that a walk finds every row", "[stix][rules]") {
  std::size_t types = 0;
  for (auto const group : {kDomainTypes, kRelationshipTypes, kObservableTypes, kMetaTypes}) {
    for (auto const& type : group) {
      INFO(type.name);
      CHECK(find_type(type.name) == &type);
      CHECK(std::ranges::is_sorted(type.shape.properties, {}, &Property::name));
      CHECK(std::ranges::is_sorted(type.contributing));
      ++types;
    }
  }
  CHECK(types == 19 + 2 + 18 + 3);
  CHECK(find_type("bundle") == nullptr);
  CHECK(find_extension("tcp-ext")->of == "network-traffic");
  CHECK(find_extension("x-ext") == nullptr);
}

}  // namespace
}  // namespace tocsin::stix::rules
