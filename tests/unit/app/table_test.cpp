#include "server/app/table.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin;

TEST_CASE("a table for people is aligned under its header, by characters and not by bytes", "[app][table]") {
  CHECK(
      app::table_for_people({"NAME", "TYPE", "STATE"}, {{"é-lab", "lab", "active"}, {"a", "government", "disabled"}}) ==
      "NAME   TYPE        STATE\n"
      "é-lab  lab         active\n"
      "a      government  disabled\n");
}

TEST_CASE("an empty table for people says so and one for programs is empty", "[app][table]") {
  CHECK(app::table_for_people({"NAME"}, {}) == "There is none.\n");
  CHECK(app::table_for_programs({}).empty());
}

TEST_CASE("a table for programs has tabs, no header and no padding", "[app][table]") {
  CHECK(app::table_for_programs({{"a", "-", "c d"}, {"aa", "b", "c"}}) == "a\t-\tc d\naa\tb\tc\n");
}
