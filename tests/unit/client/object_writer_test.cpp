#include "clients/cpp/object_writer.hpp"

#include <sstream>

#include "clients/cpp/envelope_split.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/client/temporary_folder.hpp"

using namespace tocsin::client;
namespace fs = std::filesystem;

TEST_CASE("lines hold the exact bytes, without the line breaks of a verbose server", "[client][writer]") {
  std::ostringstream out;
  ObjectWriter writer(out, Format::ndjson, false);
  writer.write(R"({"b":1, "a":"\n"})");
  writer.write("{\n  \"c\": 2\r\n}");
  writer.finish();
  CHECK(out.str() == "{\"b\":1, \"a\":\"\\n\"}\n{  \"c\": 2}\n");
}

TEST_CASE("a bundle holds all objects, or no list at all", "[client][writer]") {
  std::ostringstream out, empty;
  ObjectWriter writer(out, Format::bundle, false);
  writer.write(R"({"a":1})");
  writer.write(R"({"a":1})");
  writer.finish();
  CHECK(out.str().starts_with(R"({"type":"bundle","id":"bundle--)"));
  CHECK(split_input(out.str())->size() == 2);
  ObjectWriter(empty, Format::bundle, false).finish();
  CHECK_FALSE(empty.str().contains("objects"));
  CHECK(split_input(empty.str())->empty());
}

TEST_CASE("what several collections hold is written once", "[client][writer]") {
  std::ostringstream out;
  ObjectWriter writer(out, Format::ndjson, true);
  for (auto const* object : {R"({"a":1})", R"({"a":2})", R"({"a":1})"}) writer.write(object);
  CHECK(writer.count() == 2);
}

TEST_CASE("a file appears whole or not at all", "[client][writer]") {
  tocsin::test::TemporaryFolder folder;
  auto const path = folder.file("out.json", "old");
  {
    auto given_up = OutputFile::create(path);
    REQUIRE(given_up);
    given_up->stream() << "half";
  }
  CHECK(tocsin::test::text_of(path) == "old");
  auto kept = OutputFile::create(path);
  kept->stream() << "new";
  REQUIRE(kept->commit());
  CHECK(tocsin::test::text_of(path) == "new");
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
  CHECK_FALSE(OutputFile::create(folder.path() / "none" / "out.json"));
}
