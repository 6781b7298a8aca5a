#include "clients/cpp/batches.hpp"

#include "clients/cpp/envelope_split.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using namespace tocsin::client;

namespace {

std::vector<Item> items_of_size(std::string_view text, std::size_t count) {
  return std::vector(count, Item{text, "", ""});
}

}  // namespace

TEST_CASE("items keep their bytes and learn their id and version", "[client][batches]") {
  auto const items = read_items(
      "x.json", R"({"objects":[ {"id":"a--1","created":"C","modified":"M"}, {"id":"b--2","created":"C"}, {"z":0} ]})");
  REQUIRE(items);
  REQUIRE(items->size() == 3);
  CHECK((*items)[0].bytes == R"({"id":"a--1","created":"C","modified":"M"})");
  CHECK((*items)[0].id == "a--1");
  CHECK((*items)[0].version == "M");
  CHECK((*items)[1].version == "C");
  CHECK((*items)[2].id.empty());
}

TEST_CASE("a mistake begins with file, line and column", "[client][batches]") {
  auto const detail = [](std::string_view text) { return read_items("x.json", text).error().detail; };
  CHECK(detail("{\"objects\":[{\"a\":1},\n  {\"b\":tru}]}").starts_with("x.json:2:11: "));
  CHECK(detail("{\"a\":1}\n{\"b\":1,\n \"b\":2}").starts_with("x.json:3:2: "));
  CHECK(detail("{\"a\":1}\n{\"b\":").starts_with("x.json:2:6: "));
  CHECK(detail("7").starts_with("x.json:1:1: "));
  CHECK_FALSE(detail("{\"a\":1}\n{\"b\":").contains("line 2"));
}

TEST_CASE("no batch has more objects than allowed", "[client][batches]") {
  auto const items = items_of_size("{}", 1'201);
  auto const plan = plan_batches(items, {.objects = 500, .bytes = 1 << 20});
  REQUIRE(plan.batches.size() == 3);
  CHECK(plan.batches[2].first == 1'000);
  CHECK(plan.batches[2].count == 201);
  CHECK(plan.oversized.empty());
}

TEST_CASE("no body is larger than allowed, and none is smaller than it must be", "[client][batches]") {
  std::string const object = R"({"name":")" + std::string(80, 'x') + R"("})";
  auto const items = items_of_size(object, 37);
  std::size_t const frame = batch_body({}, {}).size();
  for (std::size_t bytes = frame + object.size(); bytes < frame + object.size() * 5; ++bytes) {
    auto const plan = plan_batches(items, {.objects = 500, .bytes = bytes});
    std::size_t next = 0;
    for (auto const& batch : plan.batches) {
      CHECK(batch.first == next);
      next += batch.count;
      auto const body = batch_body(items, batch);
      CHECK(body.size() <= bytes);
      CHECK(split_envelope(body)->objects.size() == batch.count);
      if (next < items.size()) CHECK(body.size() + 1 + object.size() > bytes);
    }
    CHECK(next == items.size());
  }
}

TEST_CASE("an object that no body can hold is set aside, and the others go on", "[client][batches]") {
  std::string const large = R"({"name":")" + std::string(200, 'x') + R"("})";
  std::vector<Item> const items{{"{}", "", ""}, {large, "", ""}, {"{}", "", ""}};
  auto const plan = plan_batches(items, {.objects = 500, .bytes = 100});
  CHECK(plan.oversized == std::vector<std::size_t>{1});
  REQUIRE(plan.batches.size() == 2);
  CHECK(plan.batches[1].first == 2);
}
