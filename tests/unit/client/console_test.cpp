#include "clients/cpp/console.hpp"

#include <sstream>

#include "clients/cpp/progress.hpp"
#include "clients/cpp/target.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin::client;

namespace {

Columns columns(std::size_t width) {
  return [width] { return width; };
}

}  // namespace

TEST_CASE("foreign text cannot control the terminal", "[client][console]") {
  CHECK(printable("a\x1b[2Jb\nc\x7f") == "a?[2Jb?c?");
  CHECK(printable("caf\xC3\xA9 \xC2\x9B!") == "caf\xC3\xA9 ?!");
  CHECK(printable("bad \xFF") == "bad ?");
  CHECK(printable("a\u202Egnp.exe \u2066b\u2069 c\u2028d \u2030") == "a?gnp.exe ?b? c?d \u2030");
  auto const cut = printable(std::string(399, 'x') + "\xC3\xA9 and more");
  CHECK(cut == std::string(399, 'x') + "…");
}

TEST_CASE("progress is drawn on a terminal only, and lines stay whole", "[client][console]") {
  std::ostringstream silent, drawn;
  {
    Progress progress(silent, false, columns(80), 10);
    progress.show(5, "objects");
    progress.line("refused x");
  }
  CHECK(silent.str() == "refused x\n");
  {
    Progress progress(drawn, true, columns(80), 10);
    progress.show(5, "objects");
    progress.line("refused x");
  }
  CHECK(drawn.str().contains("5/10 objects"));
  CHECK(drawn.str().contains("\r\x1b[Krefused x\n"));
  CHECK(drawn.str().ends_with("\r\x1b[K"));
}

TEST_CASE("progress fits the terminal, so that it never wraps", "[client][console]") {
  constexpr std::string_view kStart = "\r\x1b[K";
  for (std::size_t const width : {1uz, 12uz, 40uz, 60uz, 200uz}) {
    std::ostringstream drawn;
    Progress progress(drawn, true, columns(width), 100'000);
    progress.show(50'000, "objects, batch 100 of 200");
    auto const shown = drawn.str().substr(kStart.size());
    CAPTURE(width, shown);
    CHECK(shown.size() < width);
    CHECK(shown.contains('#') == (width >= 60));
    CHECK(shown.contains("50000/100000 objects, batch 100 of 200") == (width >= 40));
  }
}

TEST_CASE("a target's values are percent-encoded", "[client][target]") {
  CHECK(Target("/a/").with("match[type]", "x,y").with("next", "a b/\r\n").text() ==
        "/a/?match%5Btype%5D=x%2Cy&next=a%20b%2F%0D%0A");
}
