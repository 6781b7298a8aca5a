// What a reader may not see changes no byte of what the reader is told: two instances that differ in hidden things only
// give the same answers to every question.
#include <functional>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "server/catalog/cursor.hpp"
#include "tests/integration/access/twins.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thoroughness.hpp"

using namespace tocsin;
using test::Indicator;
using test::InProcess;
using test::text_of;
using test::Transcript;

namespace {

std::string marking(std::string const& uuid) { return "marking-definition--" + uuid; }
std::string const kClear = marking("94868c89-83c2-464b-929b-a1a8aa3c8487"),
                  kGreen = marking("bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
                  kAmber = marking("55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
                  kStrict = marking("939a9414-2ddd-4d32-a0cd-375ea402b003"),
                  kRed = marking("e828b379-4e03-4974-9ac4-e53a884c97c1"),
                  kUnknown = marking("00000000-0000-4000-8000-000000000001");

std::string indicator_id(int number) {
  std::string digits = std::to_string(100'000 + number);
  return "indicator--00000000-0000-4000-8000-000000" + digits;
}

std::string campaign_id(int number) {
  return "campaign--00000000-0000-4000-8000-000000" + std::to_string(100'000 + number);
}

std::string campaign_text(int number, std::string const& level) {
  return R"({"type":"campaign","spec_version":"2.1","id":")" + campaign_id(number) +
         R"(","created":"2024-01-01T00:00:00.000Z","modified":"2024-01-01T00:00:00.000Z","name":"Heron",)"
         R"("object_marking_refs":[")" +
         level + "\"]}";
}

// That an indicator indicates the first campaign.
std::string indicates_text(int number, std::string const& level) {
  return R"({"type":"relationship","spec_version":"2.1","id":"relationship--00000000-0000-4000-8000-000000)" +
         std::to_string(100'000 + number) +
         R"(","created":"2024-01-01T00:00:00.000Z","modified":"2024-01-01T00:00:00.000Z",)"
         R"("relationship_type":"indicates","source_ref":")" +
         indicator_id(number) + R"(","target_ref":")" + campaign_id(0) + R"(","object_marking_refs":[")" + level +
         "\"]}";
}

// That the first indicator was sighted.
std::string sighting_text(int number, std::string const& level) {
  return R"({"type":"sighting","spec_version":"2.1","id":"sighting--00000000-0000-4000-8000-000000)" +
         std::to_string(100'000 + number) +
         R"(","created":"2024-01-01T00:00:00.000Z","modified":"2024-01-01T00:00:00.000Z","count":3,)"
         R"("sighting_of_ref":")" +
         indicator_id(0) + R"(","object_marking_refs":[")" + level + "\"]}";
}

// What both instances begin with. The readers see GREEN at most, of others.
struct Beginning {
  InProcess server;
  std::string lab, cloud;            // tokens that write
  std::vector<std::string> readers;  // tokens
  std::string limited;               // sees one collection and one kind
  test::Questions questions;

  Beginning() {
    server.add_organisation("lab", "lab", "red");
    server.add_organisation("cloud", "cloud", "green");
    server.add_organisation("ministry", "government", "red");
    server.add_organisation("rival", "lab", "red");
    for (char const* title : {"one", "two"}) questions.collections.push_back(server.add_collection(title, "green"));
    lab = server.add_token("lab", "analyst");
    cloud = server.add_token("cloud", "analyst");
    readers = {cloud, server.add_token("cloud", "submitter"), server.add_token("cloud", "feed"),
               server.add_token("ministry", "liaison"),
               server.add_token({"ministry", {"feed"}, "", {}, {}, {}, {}, "clear"})};
    limited = server.add_token({"cloud", {"feed"}, "", {}, {}, {questions.collections[0]}, {"ip-range"}, {}});
    // Old clients are told the same in other words.
    readers.push_back(server.add_token({"cloud", {"analyst"}, "", {}, {}, {}, {}, {}, "tlp1"}));
    readers.push_back(limited);
    if (test::kSanitized) readers = {cloud, limited};  // each of them costs a minute there
    register_ranges();
    write_visible(server, 0);
    questions.collections.insert(questions.collections.end(), {"one", "11111111-1111-4111-8111-111111111111"});
    questions.objects = {indicator_id(0),
                         indicator_id(2),
                         indicator_id(700),
                         indicator_id(900),
                         campaign_id(0),
                         campaign_id(700),
                         "tool--00000000-0000-4000-8000-000000000009",
                         "nonsense"};
    questions.submissions.insert(questions.submissions.end(), {"22222222-2222-4222-8222-222222222222", "nonsense"});
  }

  // Everything that is written here is about them: what a reader does not see raises no alert.
  void register_ranges() {
    test::Call call{"POST", "/api/v1/ranges", cloud, {{"Content-Type", "application/json"}}, {}, test::Door::https, ""};
    call.body = R"({"ranges":["203.0.113.0/24"]})";
    if (server.ask(call).status != 200) throw std::runtime_error("the range was not registered");
  }

  std::string submit(InProcess& to, std::string const& token, std::size_t collection,
                     std::vector<std::string> const& objects) const {
    // The range is the cloud's own: what the others say of it takes a reason.
    auto answer = to.submit(questions.collections[collection], token, objects, "?override=seen+twice");
    if (answer.status != 202) throw std::runtime_error(answer.body);
    return nlohmann::json::parse(answer.body).at("id").get<std::string>();
  }

  // Of the lab and of the cloud itself, in both collections, with several versions.
  void write_visible(InProcess& to, int from) {
    for (int i = from; i < from + 4; ++i) {
      Indicator one{indicator_id(i), i % 2 == 0 ? kGreen : kClear, i % 2 == 0 ? "ip-range" : "", 0, "n"};
      submit(to, lab, 0, {text_of(one)});
      one.second = 1;
      submit(to, lab, 0, {text_of(one)});
      submit(to, lab, 1, {text_of({indicator_id(i + 50), "", "proxy-asn", 0, "n"})});
    }
    submit(to, lab, 0,
           {campaign_text(from, kGreen), indicates_text(from, kGreen), indicates_text(from + 1, kClear),
            sighting_text(from, kGreen)});
    // Of an indicator that nobody sees, whether it is there or not.
    if (from == 0) submit(to, lab, 0, {indicates_text(700, kGreen)});
    auto id = submit(to, cloud, 1, {text_of({indicator_id(from + 80), kRed, "ip-range", 0, "n"}), "{}"});
    if (from == 0) questions.submissions.push_back(id);
  }

  // Invisible to all readers: too high, without an audience, or with a marking that nobody knows; also under ids that
  // they see.
  void write_hidden(InProcess& to, int from) {
    for (int i = from; i < from + 30; ++i) {
      auto const& level = i % 4 == 0 ? kAmber : i % 4 == 1 ? kStrict : i % 4 == 2 ? kRed : kUnknown;
      Indicator one{indicator_id(i), level, "ip-range", 0, "hidden"}, other = one;
      other.second = 2;
      submit(to, lab, static_cast<std::size_t>(i % 2), {text_of(one), text_of(other)});
    }
    submit(to, lab, 0,
           {campaign_text(from, kAmber), campaign_text(from + 1, kRed), indicates_text(2, kAmber),
            indicates_text(from + 2, kAmber), indicates_text(from + 1, kRed), sighting_text(from, kAmber),
            sighting_text(from + 1, kRed)});
    std::string rival = to.add_token("rival", "analyst");
    submit(
        to, rival, 0,
        {text_of({indicator_id(0), kRed, "ip-range", 3, "hidden"}), text_of({indicator_id(900), kAmber, "", 1, "n"})});
    questions.submissions.push_back(
        submit(to, lab, 0,
               {R"({"id":"tool--00000000-0000-4000-8000-000000000009","type":"tool",)"
                R"("spec_version":"2.1","created":"2024-01-01T00:00:00.000Z",)"
                R"("modified":"2024-01-01T00:00:00.000Z","name":"t","object_marking_refs":[")" +
                kRed + R"("]})"}));
    test::Call withdraw{
        "DELETE", "/taxii2/root/collections/one/objects/" + indicator_id(from) + "/", lab, {}, {}, test::Door::https,
        ""};
    if (to.ask(withdraw).status != 200) throw std::runtime_error("the hidden object was not withdrawn");
  }
};

void compare(InProcess& one, InProcess& other, std::string const& token, test::Questions const& questions,
             Transcript::Compare how) {
  Transcript first(one, token, questions, how), second(other, token, questions, how);
  REQUIRE(first.exchanges().size() == second.exchanges().size());
  for (std::size_t i = 0; i < first.exchanges().size(); ++i) {
    auto const& a = first.exchanges()[i];
    auto const& b = second.exchanges()[i];
    if (a.request == b.request && a.answer == b.answer) continue;
    INFO(a.request << "\n" << b.request);
    REQUIRE(a.answer == b.answer);
    REQUIRE(a.request == b.request);
  }
}

}  // namespace

TEST_CASE("a cursor is as long for any place and any collection", "[access][non-interference]") {
  catalog::CursorCodec codec(core::sha256("key"));
  auto length = codec.seal({1, 1, "filters"}).size();
  for (std::int64_t number : {std::int64_t{9}, std::int64_t{10}, std::int64_t{1} << 40, std::int64_t{1} << 62}) {
    CHECK(codec.seal({1, number, "filters"}).size() == length);
    CHECK(codec.seal({number, 1, "filters"}).size() == length);
    auto opened = codec.open(codec.seal({number, number + 1, "filters"}));
    REQUIRE(opened.has_value());
    CHECK(opened->collection == number);
    CHECK(opened->after_sequence == number + 1);
    CHECK(opened->filters == "filters");
  }
}

TEST_CASE("hidden objects change no byte of what is answered about older ones", "[access][non-interference]") {
  Beginning world;
  auto twin = world.server.twin();
  world.write_hidden(*twin, 700);
  for (auto const& reader : world.readers)
    compare(world.server, *twin, reader, world.questions, Transcript::Compare::bytes);
  // What they see raised alerts.
  CHECK(world.server.get("/api/v1/alerts", world.cloud).body.find("indicator--") != std::string::npos);
  // Two indicators tell them of a campaign.
  auto const shown = nlohmann::json::parse(world.server.get("/api/v1/campaigns/" + campaign_id(0), world.cloud).body);
  CHECK(shown.at("indicators").at("by_kind") == nlohmann::json{{"indicator", 1}, {"ip-range", 1}});
  // One of them was sighted.
  auto const seen = nlohmann::json::parse(world.server.get("/api/v1/indicators/" + indicator_id(0), world.cloud).body);
  CHECK(seen.at("sightings").at("by_outcome").at("unsaid").at("count") == 3);
  CHECK(shown.at("sightings").at("by_day").size() == 1);
  // The instances do differ: their author is told so.
  Transcript first(world.server, world.lab, world.questions, Transcript::Compare::bytes);
  Transcript second(*twin, world.lab, world.questions, Transcript::Compare::bytes);
  CHECK(first.exchanges().size() != second.exchanges().size());
}

TEST_CASE("what waits for an analyst changes no byte of what anybody but its author is told",
          "[access][non-interference]") {
  Beginning world;
  world.server.add_organisation("runner", "other", "red", "", test::kInstanceIdentity);
  world.readers.push_back(world.server.add_token({"runner", {"feed"}, "", {}, {}, {}, {}, {}}));
  world.server.set_standing("lab", "moderated");
  for (char const* collection : {"one", "two"}) world.server.moderate(collection, "chosen");
  auto twin = world.server.twin();
  for (int i = 700; i < 720; ++i) {
    Indicator one{indicator_id(i), i % 2 == 0 ? kGreen : kClear, "ip-range", 0, "hidden"}, newer = one;
    newer.second = 2;
    world.submit(*twin, world.lab, static_cast<std::size_t>(i % 2), {text_of(one), text_of(newer)});
  }
  // Of what is published a later version, and of its campaign another relationship.
  world.submit(*twin, world.lab, 0, {text_of({indicator_id(0), kGreen, "ip-range", 5, "hidden"})});
  world.submit(*twin, world.lab, 0, {campaign_text(700, kGreen), indicates_text(2, kGreen)});
  for (auto const& reader : world.readers)
    compare(world.server, *twin, reader, world.questions, Transcript::Compare::bytes);
  // It is there, for its author alone.
  CHECK(twin->get("/api/v1/waiting", world.lab).body != world.server.get("/api/v1/waiting", world.lab).body);
}

TEST_CASE("hidden objects change nothing of what is answered about newer ones but when they came",
          "[access][non-interference]") {
  Beginning world;
  auto twin = world.server.twin();
  world.write_hidden(*twin, 700);
  world.write_hidden(*twin, 760);
  world.write_visible(world.server, 10);
  world.write_visible(*twin, 10);
  world.write_hidden(*twin, 820);
  for (auto const& reader : world.readers)
    compare(world.server, *twin, reader, world.questions, Transcript::Compare::shapes);
}

TEST_CASE("what a limited credential may not know of changes no byte of its answers", "[access][non-interference]") {
  Beginning world;
  auto twin = world.server.twin();
  std::string hidden = twin->add_collection("three", "clear");
  world.questions.collections.push_back(hidden);
  twin->add_organisation("newcomer", "other", "red");
  std::vector<std::string> objects;
  for (int i = 700; i < 720; ++i) objects.push_back(text_of({indicator_id(i), kGreen, "proxy-asn", 0, "other kind"}));
  world.submit(*twin, world.lab, 0, objects);
  for (int i = 720; i < 740; ++i)
    objects.push_back(text_of({indicator_id(i), kGreen, "ip-range", 0, "other collection"}));
  world.submit(*twin, world.lab, 1, objects);
  world.submit(*twin, world.lab, world.questions.collections.size() - 1, objects);
  compare(world.server, *twin, world.limited, world.questions, Transcript::Compare::bytes);
}

TEST_CASE("what others hide changes no answer to a write", "[access][non-interference]") {
  Beginning world;
  auto twin = world.server.twin();
  world.write_hidden(*twin, 700);
  auto ask = [&](InProcess& server, test::Call const& call) {
    auto answer = server.ask(call);
    auto document = nlohmann::json::parse(answer.body.empty() ? "{}" : answer.body);
    for (char const* random : {"id", "request_timestamp"}) document.erase(random);
    return std::to_string(answer.status) + document.dump();
  };
  std::string path = "/taxii2/root/collections/one/objects/";
  for (int id : {0, 2, 701, 702, 703, 900}) {
    test::Call withdraw{"DELETE", path + indicator_id(id) + "/", world.cloud, {}, {}, test::Door::https, ""};
    CHECK(ask(world.server, withdraw) == ask(*twin, withdraw));
    for (int second : {2, 0, 1})
      for (auto const& level : {kRed, kGreen}) {
        test::Call add{
            "POST", path, world.cloud, {{"Content-Type", "application/taxii+json;version=2.1"}}, {}, test::Door::https,
            ""};
        add.body = "{\"objects\":[" + text_of({indicator_id(id), level, "ip-range", second, "mine"}) + "]}";
        CHECK(ask(world.server, add) == ask(*twin, add));
      }
  }
  // Nothing of the others was touched by that.
  auto hidden = twin->get(path + indicator_id(702) + "/?match[version]=all", world.lab);
  CHECK(hidden.status == 200);
}
