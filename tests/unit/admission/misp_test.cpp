#include "server/admission/readers/misp.hpp"

#include <nlohmann/json.hpp>

#include "server/admission/items.hpp"
#include "server/admission/readers/misp_scope.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::admission {
namespace {

using stix::Json;

struct Read {
  std::vector<std::pair<std::string, Json>> taken;  // pointer, document
  std::vector<std::pair<std::string, core::Error>> refused;
};

struct Seen final : Items {
  bool take(Place place, Json document) override {
    read.taken.emplace_back(std::move(place.pointer), std::move(document));
    return true;
  }
  bool refuse(Place place, core::Error error) override {
    read.refused.emplace_back(std::move(place.pointer), std::move(error));
    return true;
  }
  Read read;
};

Read read(Json const& body, kinds::Cells const& defaults = {}) {
  Seen seen;
  auto const done = read_misp(body.dump(), defaults, seen);
  INFO(body.dump());
  REQUIRE(done.has_value());
  return std::move(seen.read);
}

Json attribute(char const* type, char const* value, Json const& more = Json::object()) {
  Json out{{"type", type}, {"value", value}, {"to_ids", true}};
  out.update(more);
  return out;
}

Json list(std::vector<Json> const& elements) {
  Json out = Json::array();
  for (auto const& element : elements) out.push_back(element);
  return out;
}

Json event(std::vector<Json> const& attributes, Json const& more = Json::object()) {
  Json out{{"info", "an event"}, {"Attribute", list(attributes)}};
  out.update(more);
  Json whole = Json::object();
  whole["Event"] = std::move(out);
  return whole;
}

Json tags(std::vector<char const*> const& names) {
  Json out = Json::array();
  for (auto const* name : names) out.push_back({{"name", name}});
  return out;
}

// The pointer into the attribute that its refusal names.
std::string refusal_of(Json const& one, Json const& more = Json::object()) {
  auto const found = read(event({one}, more));
  REQUIRE(found.refused.size() == 1);
  REQUIRE(found.taken.empty());
  CHECK_FALSE(found.refused[0].second.remedy.empty());
  return found.refused[0].second.pointer;
}

}  // namespace

TEST_CASE("attributes of MISP whose types are kinds of ours become items", "[admission][misp]") {
  auto const found = read(event({attribute("ip-src", "192.0.2.1"), attribute("ip-src|port", "192.0.2.2|443"),
                                 attribute("AS", "AS64500"), attribute("user-agent", "harvest/1"),
                                 attribute("ja3-fingerprint-md5", "0123456789abcdef0123456789abcdef")}));
  CHECK(found.refused.empty());
  REQUIRE(found.taken.size() == 5);
  CHECK(found.taken[0].first == "/Event/Attribute/0");
  CHECK(found.taken[1].second == Json({{"kind", "ip-range"}, {"value", "192.0.2.2"}}));
  CHECK(found.taken[2].second == Json({{"kind", "proxy-asn"}, {"value", "AS64500"}}));
  CHECK(found.taken[4].second.at("algorithm") == "ja3");
  for (auto const& [pointer, document] : found.taken) {
    INFO(document.dump());
    CHECK(kinds::read_native(document).has_value());
  }
}

TEST_CASE("where malware is steered from is taken from MISP only by request", "[admission][misp]") {
  auto const body = event({attribute("ip-dst", "192.0.2.0/24"), attribute("ip-dst|port", "192.0.2.3|443"),
                           attribute("domain", "proxy.example"), attribute("hostname", "a.proxy.example")});
  auto const unasked = read(body);
  CHECK(unasked.taken.empty());
  REQUIRE(unasked.refused.size() == 4);
  CHECK(unasked.refused[0].second.pointer == "/type");
  CHECK(unasked.refused[0].second.remedy.find("?kind=ip-range") != std::string::npos);
  CHECK(unasked.refused[3].second.remedy.find("?kind=proxy-domain") != std::string::npos);
  auto const domains = read(body, {{"kind", "proxy-domain"}});
  REQUIRE(domains.taken.size() == 2);
  CHECK(domains.taken[0].second == Json({{"kind", "proxy-domain"}, {"value", "proxy.example"}}));
  auto const addresses = read(body, {{"kind", "ip-range"}});
  REQUIRE(addresses.taken.size() == 2);
  CHECK(addresses.taken[1].second == Json({{"kind", "ip-range"}, {"value", "192.0.2.3"}}));
}

TEST_CASE("an attribute of MISP says what it means and when it was seen", "[admission][misp]") {
  auto const found = read(event(
      {attribute("ip-src", "192.0.2.1", {{"comment", "Seen at night."}, {"first_seen", "2026-01-31T23:30:00.5+02:00"}}),
       attribute("ip-src", "192.0.2.2", {{"last_seen", "2026-01-31T12:00:00+00:00"}, {"comment", ""}})}));
  REQUIRE(found.taken.size() == 2);
  CHECK(found.taken[0].second.at("description") == "Seen at night.");
  CHECK(found.taken[0].second.at("first_activity") == "2026-01-31T21:30:00.500Z");
  CHECK(found.taken[1].second.at("last_activity") == "2026-01-31T12:00:00.000Z");
  CHECK_FALSE(found.taken[1].second.contains("description"));
}

TEST_CASE("of the levels that tags of MISP name the strictest counts", "[admission][misp]") {
  auto const level = [](Json const& own, Json const& of_event) {
    auto const found = read(event({attribute("ip-src", "192.0.2.1", {{"Tag", own}})}, {{"Tag", of_event}}));
    return found.taken.size() == 1 ? found.taken[0].second.value("tlp", "none") : "refused";
  };
  CHECK(level(tags({}), tags({})) == "none");
  CHECK(level(tags({"tlp:green"}), tags({"TLP:AMBER", "osint:source"})) == "amber");
  CHECK(level(tags({"tlp:red"}), tags({"tlp:white"})) == "red");
  CHECK(level(tags({"tlp:amber+strict"}), tags({})) == "amber+strict");
  CHECK(level(tags({"tlp:ex:chr"}), tags({"tlp:green"})) == "refused");
  CHECK(level(tags({" TLP:RED"}), tags({})) == "red");
}

TEST_CASE("a tag of MISP that cannot be read makes nothing wider", "[admission][misp]") {
  Json const red{{"name", "tlp:red"}}, nested{{"id", "1"}, {"Tag", red}};
  auto const tlp_of = [](char const* name, Json const& tag) {
    auto const array = Json::array({tag});
    auto const own = read(event({attribute("ip-src", "192.0.2.1", {{name, array}})}));
    auto const of_event = read(event({attribute("ip-src", "192.0.2.1")}, {{name, array}}));
    REQUIRE(own.taken.size() == of_event.taken.size());
    if (own.taken.empty()) return std::string("refused");
    CHECK(own.taken[0].second == of_event.taken[0].second);
    return own.taken[0].second.value("tlp", "none");
  };
  for (auto const* name : {"Tag", "EventTag", "AttributeTag"}) {
    INFO(name);
    CHECK(tlp_of(name, red) == "red");
    CHECK(tlp_of(name, nested) == "red");
    for (Json const& tag : {Json("tlp:red"), Json(5), Json::object(), Json{{"name", 5}}, Json{{"name", "tlp red"}},
                            Json{{"name", "tlp:red"}, {"Tag", {{"name", "x"}}}}}) {
      INFO(tag.dump());
      CHECK(tlp_of(name, tag) == "refused");
    }
  }
}

TEST_CASE("every list of tags of MISP counts, and one that is no list refuses the attribute", "[admission][misp]") {
  auto const found = read(
      event({attribute("ip-src", "192.0.2.1", {{"Tag", tags({"tlp:green"})}, {"AttributeTag", tags({"tlp:red"})}})}));
  REQUIRE(found.taken.size() == 1);
  CHECK(found.taken[0].second.at("tlp") == "red");
  for (auto const* name : {"Tag", "EventTag", "AttributeTag"}) {
    auto const one = attribute("ip-src", "192.0.2.1", {{name, Json::object()}});
    CHECK(refusal_of(one) == "/" + std::string(name));
    Seen seen;
    CHECK_FALSE(read_misp(event({one}, {{name, 5}}).dump(), {}, seen).has_value());
  }
}

TEST_CASE("a long comment of MISP is not written into every attribute", "[admission][misp]") {
  std::string const most(4'096, 'x'), longer = most + "x";
  auto const one = attribute("ip-src", "192.0.2.1");
  for (auto const* name : {"comment", "first_seen", "last_seen"}) {
    INFO(name);
    CHECK(refusal_of(attribute("ip-src", "192.0.2.1", {{name, longer}})).empty());
    CHECK(refusal_of(one, {{name, longer}}).empty());
    CHECK(read(event({one}, {{name, most}})).taken.size() == 1);
  }
  Json const object{{"comment", longer}, {"Attribute", Json::array({one})}};
  auto const found = read(event({}, {{"Object", Json::array({object})}}));
  CHECK(found.taken.empty());
  CHECK(found.refused.size() == 1);
}

TEST_CASE("a body has a bounded number of events and objects of MISP", "[admission][misp]") {
  auto const read_objects = [](std::size_t count) {
    Seen seen;
    return read_misp(event({}, {{"Object", Json(count, Json::object())}}).dump(), {}, seen);
  };
  CHECK(read_objects(19'999).has_value());  // and the event
  auto const more = read_objects(20'000);
  REQUIRE_FALSE(more.has_value());
  CHECK(more.error().code == core::Code::content_too_large);
}

TEST_CASE("attributes of the objects of an event of MISP inherit from them", "[admission][misp]") {
  Json const object{{"name", "network-connection"},
                    {"comment", "One connection."},
                    {"Attribute", list({attribute("ip-src", "192.0.2.9"), attribute("port", "443")})}};
  Json response = Json::object();
  response["response"] = list({event({}, {{"Object", list({object})}, {"Tag", tags({"tlp:amber"})}})});
  auto const found = read(response);
  REQUIRE(found.taken.size() == 1);
  CHECK(found.taken[0].first == "/response/0/Event/Object/0/Attribute/0");
  CHECK(found.taken[0].second.at("description") == "One connection.");
  CHECK(found.taken[0].second.at("tlp") == "amber");
  REQUIRE(found.refused.size() == 1);
  CHECK(found.refused[0].first == "/response/0/Event/Object/0/Attribute/1");
}

TEST_CASE("attributes of MISP that are not to be shared are refused each by itself", "[admission][misp]") {
  CHECK(refusal_of(attribute("ip-src", "192.0.2.1", {{"to_ids", false}})) == "/to_ids");
  CHECK(refusal_of(attribute("ip-src", "192.0.2.1", {{"deleted", true}})) == "/deleted");
  CHECK(refusal_of(attribute("sha256", "00")) == "/type");
  CHECK(refusal_of(attribute("email-dst", "somebody@example.org")) == "/type");
  CHECK(refusal_of(7).empty());
}

TEST_CASE("what MISP shows to readers that are not known here is refused", "[admission][misp]") {
  auto const one = attribute("ip-src", "192.0.2.1", {{"distribution", "3"}});
  CHECK(refusal_of(one, {{"distribution", "0"}}) == "/distribution");
  CHECK(refusal_of(attribute("ip-src", "192.0.2.1", {{"distribution", 4}})) == "/distribution");
  CHECK(read(event({one, attribute("ip-src", "192.0.2.2", {{"distribution", "5"}})}, {{"distribution", "1"}}))
            .taken.size() == 2);
}

TEST_CASE("a refusal of an attribute of MISP does not repeat it", "[admission][misp]") {
  auto const found = read(event({attribute("email-dst", "somebody@example.org"), attribute("sha256", "secret")}));
  REQUIRE(found.refused.size() == 2);
  for (auto const& [pointer, error] : found.refused)
    for (auto const& text : {pointer, error.detail, error.remedy, error.pointer}) {
      INFO(text);
      CHECK(text.find("somebody") == std::string::npos);
      CHECK(text.find("secret") == std::string::npos);
    }
}

TEST_CASE("a body without events of MISP is refused whole", "[admission][misp]") {
  for (char const* body : {"{}", "{\"Event\":5}", "{\"response\":{}}", "{\"response\":[{}]}",
                           "{\"Event\":{\"Attribute\":{}}}", "{\"Event\":{\"Object\":[5]}}", "{\"Event\":{}"}) {
    INFO(body);
    Seen seen;
    CHECK_FALSE(read_misp(body, {}, seen).has_value());
  }
}

TEST_CASE("a document of JSON is items, events of MISP or a bundle by its members", "[admission][misp]") {
  CHECK(form_of_document(R"({"kind":"ip-range","value":"192.0.2.1"})") == Form::json);
  CHECK(form_of_document(R"([{"Event":{}}])") == Form::json);
  CHECK(form_of_document(R"( {"Event":{}})") == Form::misp);
  CHECK(form_of_document(R"({"response":[]})") == Form::misp);
  CHECK(form_of_document(R"({"type" : "bundle","objects":[]})") == Form::bundle);
  CHECK(form_of_document(R"({"type":"indicator","id":"x"})") == Form::json);
  CHECK(form_of_document("nonsense") == Form::json);
}

TEST_CASE("what is said of an event of MISP holds for its objects", "[admission][misp]") {
  auto const one = attribute("ip-src", "192.0.2.1");
  auto const inner = [&](Json const& of_event, Json const& of_object) {
    Json object{{"Attribute", Json::array({one})}};
    object.update(of_object);
    auto more = of_event;
    more["Object"] = Json::array({object});
    return read(event({}, more));
  };
  for (auto const& [name, value] : {std::pair{"deleted", "1"}, {"distribution", "0"}, {"comment", ""}}) {
    INFO(name);
    bool const refuses = *value != '\0';
    CHECK(inner({{name, value}}, Json::object()).refused.size() == (refuses ? 1 : 0));
    CHECK(inner(Json::object(), {{name, value}}).refused.size() == (refuses ? 1 : 0));
  }
  CHECK(inner({{"deleted", "1"}}, {{"deleted", "0"}}).refused.size() == 1);
  CHECK(inner({{"distribution", "4"}}, {{"distribution", "3"}}).refused.size() == 1);
  CHECK(inner({{"comment", "of the event"}}, Json::object()).taken.at(0).second.at("description") == "of the event");
}

TEST_CASE("a text of an attribute of MISP may be as long as is stated", "[admission][misp]") {
  std::string const most(kLongestMispText, 'x');
  CHECK(read(event({attribute("ip-src", "192.0.2.1", {{"comment", most}})})).taken.size() == 1);
}

TEST_CASE("no more of a body of MISP is read when no more is taken", "[admission][misp]") {
  struct Full final : Items {
    bool take(Place, Json) override { return ++count < 2; }
    bool refuse(Place, core::Error) override { return ++count < 2; }
    std::size_t count = 0;
  };
  auto const count = [](Json const& body) {
    Full full;
    CHECK(read_misp(body.dump(), {}, full).has_value());
    return full.count;
  };
  auto const one = attribute("ip-src", "192.0.2.1");
  Json const object{{"Attribute", Json::array({one})}};
  CHECK(count(event({one, one, one, one})) == 2);
  CHECK(count(event({one, one}, {{"Object", Json::array({object})}})) == 2);
  CHECK(count(event({one}, {{"Object", Json::array({object, object, object})}})) == 2);
  Json response = Json::object();
  response["response"] = list({event({one, one}), event({one})});
  CHECK(count(response) == 2);
  auto const refused = attribute("sha256", "00");
  CHECK(count(event({refused, refused, refused})) == 2);
}

TEST_CASE("a time of MISP is told in UTC when it has an offset, and left as it is when it has none",
          "[admission][misp]") {
  CHECK(misp_time_in_utc("2026-01-31T12:00:00+14:59") == "2026-01-30T21:01:00.000Z");
  CHECK(misp_time_in_utc("2026-01-31T12:00:00-00:30") == "2026-01-31T12:30:00.000Z");
  for (char const* text : {"", ":", "1:00", "+02:00", "x+02:00", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00",
                           "2026-01-31T12:00:00+15:00", "2026-01-31T12:00:00+02:60", "2026-01-31T12:00:00*02:00",
                           "2026-01-31T12:00:00+0200"}) {
    INFO(text);
    CHECK(misp_time_in_utc(text) == text);
  }
}

}  // namespace tocsin::admission
