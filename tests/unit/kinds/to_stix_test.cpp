#include "schema/kinds/to_stix.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "schema/core/digest.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/kinds/searching.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"
#include "tests/unit/kinds/native_cases.hpp"
#include "tests/unit/kinds/random_natives.hpp"

namespace tocsin::kinds {
namespace {

constexpr std::int64_t kNow = 1'900'000'000'123'456;
constexpr std::int64_t kHour = 3'600'000'000;
constexpr char kCreator[] = "identity--f431f809-377b-45e0-aa1c-6a4751cae5ff";

Native only(Json document) {
  auto reading = read_native(std::move(document));
  INFO((reading ? "" : test::described(reading.error())));
  REQUIRE(reading.has_value());
  REQUIRE(reading->items.size() == 1);
  return reading->items.front();
}

std::shared_ptr<Json const> stored(std::optional<stix::Object> const& object) {
  return object ? std::make_shared<Json const>(*stix::parse_json(object->bytes)) : nullptr;
}

Expansion expanded(Native const& native, std::int64_t now = kNow, Earlier earlier = {}, Lifetimes lifetimes = {}) {
  auto made = to_stix(native, {now, kCreator, core::random_uuid, std::move(earlier), lifetimes});
  INFO((made ? "" : test::described(made.error())));
  REQUIRE(made.has_value());
  return *std::move(made);
}

Earlier after(Expansion const& made) {
  return {stored(made.subject), stored(made.observable), stored(made.relationship), stored(made.observable)};
}

Json text_of(std::optional<stix::Object> const& object) { return object ? *stored(object) : Json(nullptr); }

// The relationships of a subject that nothing is stored of.
std::vector<Json> related(Native const& native, Expansion const& made) {
  auto const links = links_of(native, *made.subject);
  std::vector<std::shared_ptr<Json const>> const nothing(links.size());
  std::vector<Json> out;
  for (auto const& object :
       to_relationships(native, *made.subject, links, nothing, {kNow, kCreator, core::random_uuid, {}}))
    out.push_back(*stored(object));
  return out;
}

// Whether it became STIX; what becomes STIX must come back as it was. What does not ends before it begins, which only
// the default of the other end makes.
bool comes_back(Kind const& kind, Native const& native) {
  auto const made = to_stix(native, {kNow, kCreator, core::random_uuid, {}});
  if (!made) {
    CHECK(test::places(made.error()) == std::vector<test::Place>{{"timestamp-order", "/valid_until"}});
    return false;
  }
  Json const subject = text_of(made->subject), observable = text_of(made->observable);
  auto const back =
      kind.makes_indicator() ? from_stix(subject, observable) : object_from_stix(subject, related(native, *made));
  INFO(native.document().dump() << (back ? "" : back.error().detail + back.error().pointer));
  REQUIRE(back.has_value());
  // What was not said has its default now.
  Json said = native.document();
  for (auto const* name : {"valid_from", "valid_until"})
    if (!said.contains(name) && subject.contains(name)) said[name] = subject.at(name);
  CHECK(back->document() == said);
  CHECK(back->pattern() == native.pattern());
  return true;
}

// False where the document's other properties speak against the word. One below the floor of the kind is refused with
// any.
bool word_comes_back(Kind const& kind, Json document, std::pair<std::string, std::string> const& property) {
  auto const& [name, word] = property;
  auto const& rows = native_type(kind).shape.properties;
  bool const list = std::ranges::find(rows, name, &stix::rules::Property::name)->type.list;
  document[name] = list ? Json::array({word}) : Json(word);
  auto const reading = read_native(std::move(document));
  if (!reading) return test::places(reading.error()) == std::vector<test::Place>{{"marking-below-floor", "/tlp"}};
  return std::ranges::all_of(reading->items, [&](auto const& native) { return comes_back(kind, native); });
}

}  // namespace

TEST_CASE("a native item becomes STIX and back without loss, whatever its kind and properties", "[kinds]") {
  tocsin::test::Random chance;
  for (auto const* kind : kinds()) {
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
      auto reading = read_native(test::random_native(*kind, chance));
      REQUIRE(reading.has_value());
      for (auto const& native : reading->items)
        if (comes_back(*kind, native))
          for (auto const& [name, value] : native.document().items()) seen.insert(name);
    }
    for (auto const& row : native_type(*kind).shape.properties) {
      INFO(kind->name << ": " << row.name);
      CHECK((row.name == "ref" || seen.contains(std::string(row.name))));  // that is a name within one submission only
    }
  }
}

TEST_CASE("every word that a property of a kind may have becomes STIX and back without loss", "[kinds]") {
  tocsin::test::Random chance;
  for (auto const* kind : kinds()) {
    std::set<std::pair<std::string, std::string>> left;
    for (auto const& row : native_type(*kind).shape.properties)
      if (row.name != "kind" && row.type.kind == stix::rules::Kind::word)
        for (auto const word : row.type.words->values) left.emplace(row.name, word);
    for (int i = 0; i < 100 && !left.empty(); ++i) {
      auto const document = test::random_native(*kind, chance);
      std::erase_if(left, [&](auto const& property) { return word_comes_back(*kind, document, property); });
    }
    for (auto const& [name, word] : left) FAIL_CHECK(kind->name << ": " << name << " " << word);
  }
}

TEST_CASE("the observable has the id that its value derives, the others random ones", "[kinds]") {
  auto const native = only({{"kind", "ip-range"}, {"value", "198.51.100.3"}});
  auto const one = expanded(native), other = expanded(native);
  CHECK(one.observable->id == other.observable->id);
  CHECK(one.observable->id.uuid() == *one.observable->value_key);
  CHECK(one.observable->id == *observable_id(native));
  CHECK(one.subject->id != other.subject->id);
  CHECK(one.relationship->id != other.relationship->id);
  CHECK(text_of(one.relationship).at("source_ref") == one.subject->id.text());
  CHECK(text_of(one.relationship).at("target_ref") == one.observable->id.text());
}

TEST_CASE("said again, an item gives the stored objects to the byte", "[kinds]") {
  tocsin::test::Random chance;
  for (auto const* kind : kinds()) {
    auto document = test::random_native(*kind, chance);
    document.erase("valid_until");
    document.erase("valid_from");
    auto reading = read_native(std::move(document));
    REQUIRE(reading.has_value());
    auto const& native = reading->items.front();
    auto const first = expanded(native), again = expanded(native, kNow + kHour, after(first));
    INFO(kind->name);
    CHECK_FALSE(again.changed);
    CHECK(text_of(again.subject) == text_of(first.subject));
    CHECK(text_of(again.observable) == text_of(first.observable));
    CHECK(text_of(again.relationship) == text_of(first.relationship));
  }
}

TEST_CASE("a later version puts off nothing that was said of how long it may be kept", "[kinds][retention]") {
  auto const until = [](Expansion const& made) { return indicator_facts(text_of(made.subject)).at("share_until"); };
  Json const said{{"kind", "ip-range"}, {"value", "198.51.100.3"}};
  auto const saying = [&](char const* moment) {
    Json out = said;
    out["share_until"] = moment;
    return only(out);
  };
  auto const first = expanded(saying("2030-01-01T00:00:00Z"));
  CHECK(until(expanded(only(said), kNow, after(first))) == "2030-01-01T00:00:00Z");
  CHECK(until(expanded(saying("2031-01-01T00:00:00Z"), kNow, after(first))) == "2030-01-01T00:00:00Z");
  CHECK(until(expanded(saying("2029-01-01T00:00:00Z"), kNow, after(first))) == "2029-01-01T00:00:00Z");
}

TEST_CASE("what is said newly is a later version of the same indicator", "[kinds]") {
  auto const first = expanded(only({{"kind", "ip-range"}, {"value", "198.51.100.3"}}));
  auto const newer =
      expanded(only({{"kind", "ip-range"}, {"value", "198.51.100.3"}, {"confidence", 5}}), kNow, after(first));
  CHECK(newer.changed);
  CHECK(newer.subject->id == first.subject->id);
  CHECK(*newer.subject->modified > *first.subject->modified);
  CHECK(newer.subject->created == first.subject->created);
  CHECK(text_of(newer.observable) == text_of(first.observable));
  CHECK(text_of(newer.relationship) == text_of(first.relationship));
}

TEST_CASE("an observable that says something else has an id of its own", "[kinds]") {
  auto const first = expanded(only({{"kind", "ip-range"}, {"value", "198.51.100.3"}}));
  auto const native = only({{"kind", "ip-range"}, {"value", "198.51.100.3"}, {"proxy_class", "vpn"}});
  auto const newer = expanded(native, kNow, after(first));
  CHECK(newer.subject->id == first.subject->id);
  CHECK(newer.observable->id != first.observable->id);
  CHECK(newer.relationship->id != first.relationship->id);
  auto earlier = after(newer);
  earlier.namesake = stored(first.observable);
  CHECK_FALSE(expanded(native, kNow, earlier).changed);
}

TEST_CASE("after a revocation a value becomes a new indicator that follows the old", "[kinds]") {
  auto const native = only({{"kind", "ip-range"}, {"value", "198.51.100.3"}});
  auto earlier = after(expanded(native));
  Json revoked = *earlier.subject;
  revoked["revoked"] = true;
  earlier.subject = std::make_shared<Json const>(revoked);
  auto const newer = expanded(native, kNow, earlier);
  CHECK(newer.subject->id.text() != revoked.at("id").get<std::string>());
  REQUIRE(newer.succession.has_value());
  CHECK(text_of(newer.succession).at("relationship_type") == "derived-from");
  CHECK(text_of(newer.succession).at("source_ref") == newer.subject->id.text());
  CHECK(text_of(newer.succession).at("target_ref") == revoked.at("id"));
}

TEST_CASE("an indicator with other markings than the old one does not name it", "[kinds]") {
  auto earlier = after(expanded(only({{"kind", "ip-range"}, {"value", "198.51.100.3"}, {"tlp", "red"}})));
  Json revoked = *earlier.subject;
  revoked["revoked"] = true;
  earlier.subject = std::make_shared<Json const>(revoked);
  auto const newer = expanded(only({{"kind", "ip-range"}, {"value", "198.51.100.3"}}), kNow, earlier);
  CHECK(newer.subject->id.text() != revoked.at("id").get<std::string>());
  CHECK_FALSE(newer.succession.has_value());
  CHECK(newer.subject->bytes.find(revoked.at("id").get<std::string>()) == std::string::npos);
}

TEST_CASE("what is not said to end lasts for the lifetime of its kind, and is renewed after a tenth of it", "[kinds]") {
  struct Row {
    Json native;
    std::int64_t hours;
  };
  std::vector<Row> const rows{
      {{{"kind", "ip-range"}, {"value", "198.51.100.3"}}, 7 * 24},
      {{{"kind", "ip-range"}, {"value", "198.51.100.3"}, {"proxy_class", "residential"}}, 24},
      {{{"kind", "ip-range"}, {"value", "198.51.100.3"}, {"proxy_class", "mobile"}}, 24},
      {{{"kind", "ip-range"}, {"value", "198.51.100.0/24"}, {"proxy_class", "mobile"}}, 30 * 24},
      {{{"kind", "proxy-asn"}, {"value", 64500}}, 180 * 24},
      {{{"kind", "proxy-domain"}, {"value", "proxy.example"}}, 90 * 24},
      {{{"kind", "account-pattern"}, {"email_domain", "mail.example"}}, 90 * 24},
      {{{"kind", "user-agent"}, {"value", "harvest/%"}}, 90 * 24}};
  auto const until = [](Expansion const& made) {
    return stix::Timestamp::parse(text_of(made.subject).at("valid_until").get<std::string>())->microseconds();
  };
  for (auto const& row : rows) {
    auto const native = only(row.native);
    auto const first = expanded(native);
    INFO(row.native.dump());
    CHECK(until(first) == kNow / 1'000 * 1'000 + row.hours * kHour);
    std::int64_t const tenth = row.hours * kHour / 10;
    CHECK_FALSE(expanded(native, kNow + tenth - kHour / 60, after(first)).changed);
    auto const renewed = expanded(native, kNow + tenth + kHour / 60, after(first));
    CHECK(renewed.changed);
    CHECK(until(renewed) > until(first));
    CHECK(text_of(renewed.subject).at("valid_from") == text_of(first.subject).at("valid_from"));
  }
  auto const canary = expanded(only({{"kind", "canary"},
                                     {"canary_type", "honeytoken"},
                                     {"scheme", "salted-sha256"},
                                     {"commitment", std::string(64, 'a')}}));
  CHECK_FALSE(text_of(canary.subject).contains("valid_until"));
}

TEST_CASE("how long an indicator holds is what is said of its kind, and what is shorter now ends earlier", "[kinds]") {
  auto const native = only({{"kind", "ip-range"}, {"value", "198.51.100.0/24"}});
  auto const until = [](Expansion const& made) {
    return stix::Timestamp::parse(text_of(made.subject).at("valid_until").get<std::string>())->microseconds();
  };
  Lifetimes shorter;
  shorter.network = hours(5);
  auto const first = expanded(native, kNow, {}, shorter);
  CHECK(until(first) == kNow / 1'000 * 1'000 + 5 * kHour);
  CHECK_FALSE(expanded(native, kNow, after(first), shorter).changed);
  auto const longer = expanded(native, kNow, after(first));
  CHECK(until(longer) == kNow / 1'000 * 1'000 + 30 * 24 * kHour);
  auto const again = expanded(native, kNow, after(longer), shorter);
  CHECK(again.changed);
  CHECK(until(again) == until(first));
  auto const address = only({{"kind", "ip-range"}, {"value", "198.51.100.3"}});
  CHECK(until(expanded(address, kNow, {}, shorter)) == until(expanded(address)));
}

TEST_CASE("a finding about an object that was made points to what it was made of", "[kinds]") {
  auto const made =
      to_stix(only({{"kind", "ip-range"}, {"value", "198.51.100.3"}, {"valid_until", "2020-01-01T00:00:00Z"}}),
              {kNow, kCreator, core::random_uuid, {}});
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().front().pointer == "/valid_until");
  auto const& kind = *find_kind("ip-range");
  CHECK(native_pointer(kind, "/object_marking_refs/0") == "/tlp");
  CHECK(native_pointer(kind, "/extensions/x/suggested_action") == "/action");
  CHECK(native_pointer(kind, "/extensions/x/exit_regions/3") == "/exit_regions");
  CHECK(native_pointer(kind, "/pattern") == "/value");
  CHECK(native_pointer(kind, "/modified").empty());
}

TEST_CASE("an indicator that says more than the native form can is not made less of", "[kinds]") {
  auto const made = expanded(only({{"kind", "ip-range"}, {"value", "198.51.100.3"}}));
  Json const indicator = text_of(made.subject), observable = text_of(made.observable);
  auto const refusal = [&](Json::json_pointer const& at, Json value) {
    Json other = indicator;
    other[at] = std::move(value);
    auto const back = from_stix(other, observable);
    REQUIRE_FALSE(back.has_value());
    return back.error().pointer;
  };
  using Pointer = Json::json_pointer;
  CHECK(refusal(Pointer("/name"), "a name") == "/name");
  CHECK(refusal(Pointer("/pattern"), "[ipv4-addr:value = '198.51.100.4']") == "/pattern");
  CHECK(refusal(Pointer("/object_marking_refs"), Json::array()) == "/object_marking_refs");
  CHECK(refusal(Pointer("/extensions/extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa/indicator_kind"),
                "x") == "/extensions");
  CHECK_FALSE(from_stix(indicator, nullptr).has_value());
}

}  // namespace tocsin::kinds
