#include "server/http/request_ids.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace tocsin;

TEST_CASE("no two requests have the same id, of whichever worker", "[http][request-ids]") {
  http::RequestIds one, other;
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i)
    for (http::RequestIds* ids : {&one, &other}) {
      std::string id = ids->next();
      CHECK(id.size() == 16);
      CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
      CHECK(seen.insert(id).second);
    }
}
