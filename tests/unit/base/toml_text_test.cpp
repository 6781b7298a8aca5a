#include "server/base/toml_text.hpp"

#include <string>

#include "tests/support/catch.hpp"

using tocsin::base::stray_non_ascii_line;

TEST_CASE("letters beyond ASCII may stand in strings and comments", "[base][config]") {
  for (std::string text : {"", "a = 1\n", "# é", "# é\n", "a = \"é\" # é\n", "a = 'é\\' # é", "a = \"\\\"é\"\n",
                           "a = \"\"\"\né\"\"é\n\"\"\" # é", "a = '''\né''é''''' # é", "a = \"\" # é\n\"é\" = 2",
                           "\"é\".'é' = [\"é\", { a=\"é\" }]"}) {
    INFO(text);
    CHECK_FALSE(stray_non_ascii_line(text));
  }
}

TEST_CASE("elsewhere they are found, with their line", "[base][config]") {
  CHECK(stray_non_ascii_line("é") == 1);
  CHECK(stray_non_ascii_line("a = +'é'") == 1);
  CHECK(stray_non_ascii_line("a = \"x\" \"é\"") == 1);
  CHECK(stray_non_ascii_line("a = 1\nb = é\n") == 2);
  CHECK(stray_non_ascii_line("# é\n\"é\" = 'é' é") == 2);
  CHECK(stray_non_ascii_line("a = 'x\\' é") == 1);
  CHECK(stray_non_ascii_line("a = \"\"\"\n\n\"\"\"\"\" é") == 3);
}

TEST_CASE("a string that is not closed is left to the parser", "[base][config]") {
  for (std::string text : {"a = \"\né", "a = 'x\né", "a = \"\"\"\né", "a = \"\\", "\"é"}) {
    INFO(text);
    CHECK_FALSE(stray_non_ascii_line(text));
  }
}
