#include "clients/cpp/console.hpp"

#include <sstream>

#include "clients/cpp/progress.hpp"
#include "clients/cpp/target.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin::client;

TEST_CASE("foreign text cannot control the terminal", "[client][console]") {
  CHECK(printable("a\x1b[2Jb\nc\x7f") == "a?[2Jb?c?");
  CHECK(printable("caf\xC3\xA9 \xC2\x9B!") == "caf\xC3\xA9 ?!");
  CHECK(printable("bad \xFF") == "bad ?");
  auto const cut = printable(std::string(399, 'x') + "\xC3\xA9 and more");
  CHECK(cut == std::string(399, 'x') + "…");
}

TEST_CASE("progress is drawn on a terminal only, and lines stay whole", "[client][console]") {
  std::ostringstream silent, drawn;
  {
    Progress progress(silent, false, 10);
    progress.show(5, "objects");
    progress.line("refused x");
  }
  CHECK(silent.str() == "refused x\n");
  {
    Progress progress(drawn, true, 10);
    progress.show(5, "objects");
    progress.line("refused x");
  }
  CHECK(drawn.str().contains("5/10 objects"));
  CHECK(drawn.str().contains("\r\x1b[Krefused x\n"));
  CHECK(drawn.str().ends_with("\r\x1b[K"));
}

TEST_CASE("a target's values are percent-encoded", "[client][target]") {
  CHECK(Target("/a/").with("match[type]", "x,y").with("next", "a b/\r\n").text() ==
        "/a/?match%5Btype%5D=x%2Cy&next=a%20b%2F%0D%0A");
}
