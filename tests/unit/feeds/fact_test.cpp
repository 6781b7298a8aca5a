#include "server/feeds/fact.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using nlohmann::json;

namespace {

json indicator(std::string const& id, std::string const& pattern, std::string const& kind = "ip-range") {
  json const facts{{"extension_type", "property-extension"}, {"indicator_kind", kind}};
  return {{"type", "indicator"},
          {"id", id},
          {"pattern", pattern},
          {"pattern_type", "stix"},
          {"modified", "2026-05-02T00:00:00.000Z"},
          {"valid_from", "2026-05-01T00:00:00.000Z"},
          {"extensions", {{std::string(kinds::kIndicatorExtension), facts}}}};
}

}  // namespace

TEST_CASE("An id is kept as it was written", "[feeds][fact]") {
  for (std::string const id :
       {"indicator--9f3fbd9c-1c0e-4f0f-8f5e-6f64fd9b0c11", "indicator--9F3fbd9c-1C0E-4f0f-8f5e-6f64fd9b0cAF",
        "indicator--ABCDEFAB-CDEF-4ABC-8DEF-ABCDEFABCDEF"})
    CHECK(feeds::id_of(feeds::fact_of(indicator(id, "[ipv4-addr:value = '192.0.2.1']")).value()) == id);
}

TEST_CASE("What is of another kind enters no feed", "[feeds][fact]") {
  std::string const id = "indicator--9f3fbd9c-1c0e-4f0f-8f5e-6f64fd9b0c11";
  CHECK_FALSE(feeds::fact_of(indicator(id, "[x:value = 'a']", "user-agent")).has_value());
  CHECK_FALSE(feeds::fact_of(json{{"type", "ipv4-addr"}, {"value", "192.0.2.1"}}).has_value());
}

TEST_CASE("Several values are of their families and not plain", "[feeds][fact]") {
  std::string const id = "indicator--9f3fbd9c-1c0e-4f0f-8f5e-6f64fd9b0c11";
  auto const both =
      feeds::fact_of(indicator(id, "[ipv4-addr:value = '192.0.2.1' OR ipv6-addr:value = '2001:db8::1']")).value();
  CHECK(both.is_of(feeds::Family::v4));
  CHECK(both.is_of(feeds::Family::v6));
  CHECK_FALSE(both.is_of(feeds::Family::asn));
  CHECK_FALSE(both.is_plain);
  CHECK(feeds::fact_of(indicator(id, "[ipv4-addr:value = '192.0.2.1']")).value().is_plain);
}
