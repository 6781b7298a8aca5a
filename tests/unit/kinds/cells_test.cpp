#include "schema/kinds/cells.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/native.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::kinds {

TEST_CASE("a text becomes what the property of the kind is", "[kinds]") {
  Json document = Json::object();
  add_cells(document, {{"confidence", " 80 "},
                       {"kind", "IP-Range"},
                       {"labels", "one; two;;"},
                       {"shared_egress", "TRUE"},
                       {"proxy_class", "VPN"},
                       {"abusive_share_min", "0.5"},
                       {"valid_until", "2026-01-31"},
                       {"value", "192.0.2.1"},
                       {"description", ""}});
  CHECK(document == Json{{"confidence", 80},
                         {"kind", "ip-range"},
                         {"labels", {"one", "two"}},
                         {"shared_egress", true},
                         {"proxy_class", "vpn"},
                         {"abusive_share_min", 0.5},
                         {"valid_until", "2026-01-31T00:00:00.000Z"},
                         {"value", "192.0.2.1"}});
  CHECK(read_native(document).has_value());
}

TEST_CASE("what a document says itself is not changed by a text", "[kinds]") {
  Json document{{"kind", "ip-range"}, {"tlp", "red"}, {"confidence", nullptr}};
  add_cells(document, {{"kind", "proxy-asn"}, {"tlp", "green"}, {"confidence", "5"}, {"action", "Block"}});
  CHECK(document == Json{{"kind", "ip-range"}, {"tlp", "red"}, {"confidence", nullptr}, {"action", "block"}});
}

TEST_CASE("what cannot be read as the property stays text and is refused", "[kinds]") {
  for (auto const& [name, text] :
       Cells{{"confidence", "high"}, {"confidence", "1e999"}, {"shared_egress", "perhaps"}}) {
    Json document{{"kind", "ip-range"}, {"value", "192.0.2.1"}, {"proxy_class", "vpn"}};
    add_cells(document, {{name, text}});
    INFO(name);
    CHECK(document.at(name) == text);
    CHECK_FALSE(read_native(document).has_value());
  }
}

TEST_CASE("texts of a kind that does not exist are kept, and an item that is no object is left alone", "[kinds]") {
  Json document{{"kind", "nothing"}};
  add_cells(document, {{"confidence", "5"}});
  CHECK(document.at("confidence") == "5");
  Json number = 5;
  add_cells(number, {{"kind", "ip-range"}});
  CHECK(number == 5);
}

}  // namespace tocsin::kinds
