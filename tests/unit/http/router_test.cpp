#include "server/http/router.hpp"

#include <stdexcept>

#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

Route row(Method method, std::string pattern) {
  return {method, std::move(pattern), Surface::native, "test", 0, std::chrono::seconds(1), 1, {}};
}

Router example() {
  Router router;
  router.add(row(Method::get, "/"));
  router.add(row(Method::get, "/taxii2/"));
  router.add(row(Method::get, "/taxii2/{root}/collections/{id}/objects/"));
  router.add(row(Method::post, "/taxii2/{root}/collections/{id}/objects/"));
  router.add(row(Method::delete_, "/taxii2/{root}/collections/{id}/objects/{object}/"));
  router.add(row(Method::get, "/api/v1/feeds/{name}"));
  router.add(row(Method::get, "/api/v1/feeds/all"));
  router.add(row(Method::post, "/api/v1/{thing}/all/report"));
  return router;
}

std::string pattern_of(Match const& match) { return match.route == nullptr ? "" : match.route->pattern; }

TEST_CASE("A path is matched with and without its trailing slash", "[http][router]") {
  Router router = example();
  CHECK(pattern_of(router.match(Method::get, "/")) == "/");
  CHECK(pattern_of(router.match(Method::get, "/taxii2/")) == "/taxii2/");
  CHECK(pattern_of(router.match(Method::get, "/taxii2")) == "/taxii2/");
  CHECK(pattern_of(router.match(Method::get, "/api/v1/feeds/all/")) == "/api/v1/feeds/all");
}

TEST_CASE("Parameters are given in the order of the pattern", "[http][router]") {
  Router router = example();
  auto match = router.match(Method::delete_, "/taxii2/r/collections/c/objects/o/");
  REQUIRE(match.route != nullptr);
  CHECK(match.parameters == std::vector<std::string>{"r", "c", "o"});
}

TEST_CASE("A literal segment goes before a parameter, and a dead end is left again", "[http][router]") {
  Router router = example();
  CHECK(pattern_of(router.match(Method::get, "/api/v1/feeds/all")) == "/api/v1/feeds/all");
  CHECK(pattern_of(router.match(Method::get, "/api/v1/feeds/block")) == "/api/v1/feeds/{name}");
  auto match = router.match(Method::post, "/api/v1/feeds/all/report");
  CHECK(pattern_of(match) == "/api/v1/{thing}/all/report");
  CHECK(match.parameters == std::vector<std::string>{"feeds"});
}

TEST_CASE("A last segment may take the rest of the path, whatever has a row of its own going first", "[http][router]") {
  Router router = example();
  router.add(row(Method::get, "/log/{log}/tile/{+tile}"));
  router.add(row(Method::get, "/log/{log}/tile/size"));
  auto match = router.match(Method::get, "/log/data/tile/0/x001/234.p/5");
  CHECK(pattern_of(match) == "/log/{log}/tile/{+tile}");
  CHECK(match.parameters == std::vector<std::string>{"data", "0/x001/234.p/5"});
  CHECK(pattern_of(router.match(Method::get, "/log/data/tile/size")) == "/log/{log}/tile/size");
  CHECK(pattern_of(router.match(Method::get, "/log/data/tile/0")) == "/log/{log}/tile/{+tile}");
  CHECK(pattern_of(router.match(Method::get, "/log/data/tile/")) == "");
  CHECK_THROWS_AS(router.add(row(Method::get, "/log/{+rest}/end")), std::logic_error);
}

TEST_CASE("HEAD is answered by the row of GET", "[http][router]") {
  Router router = example();
  CHECK(pattern_of(router.match(Method::head, "/taxii2/")) == "/taxii2/");
}

TEST_CASE("A path with other methods names them, and an unknown path names none", "[http][router]") {
  Router router = example();
  auto wrong = router.match(Method::put, "/taxii2/r/collections/c/objects");
  CHECK(wrong.route == nullptr);
  CHECK(wrong.allowed == std::vector<Method>{Method::get, Method::post});
  CHECK(router.match(Method::get, "/taxii2/r/collections/c/objects/o").allowed == std::vector<Method>{Method::delete_});
  for (std::string_view path :
       {"/nothing", "/taxii2/r/collections", "/taxii2/r/collections/c/objects/o/more", "", "x"}) {
    auto none = router.match(Method::get, path);
    CHECK(none.route == nullptr);
    CHECK(none.allowed.empty());
  }
}

TEST_CASE("Two rows for one method and path are a mistake found at start", "[http][router]") {
  Router router = example();
  CHECK_THROWS_AS(router.add(row(Method::get, "/taxii2")), std::logic_error);
  CHECK_THROWS_AS(router.add(row(Method::get, "/api/v1/feeds/{other}/")), std::logic_error);
  CHECK_THROWS_AS(router.add(row(Method::get, "taxii2")), std::logic_error);
  CHECK_THROWS_AS(router.add(row(Method::get, "/a//b")), std::logic_error);
  CHECK_NOTHROW(router.add(row(Method::put, "/taxii2")));
}

TEST_CASE("A copied router answers for itself", "[http][router]") {
  auto original = std::make_unique<Router>(example());
  Router copy = *original;
  original.reset();
  CHECK(pattern_of(copy.match(Method::get, "/taxii2/")) == "/taxii2/");
  CHECK(copy.routes().size() == 8);
}

}  // namespace
}  // namespace tocsin::http
