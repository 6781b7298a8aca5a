#include "clients/cpp/indicator_text.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace tocsin;
using nlohmann::json;

TEST_CASE("who says it is named by the server, else as the object does, else by nobody", "[client]") {
  CHECK(client::author_of({{"organisation", "aurora"}, {"created_by_ref", "identity--1"}}) == "aurora");
  CHECK(client::author_of({{"created_by_ref", "identity--1"}}) == "identity--1");
  CHECK(client::author_of(json::object()) == "a member that does not name itself");
}

TEST_CASE("what was said at a peer names the peer, and whatever it is called does nothing to a terminal", "[client]") {
  CHECK(client::author_of({{"organisation", "ibis/3f0c2a4e"}, {"origin", "ibis"}}) == "ibis/3f0c2a4e through ibis");
  CHECK(client::author_of({{"origin", "ibis"}}) == "somebody who is not named through ibis");
  CHECK_FALSE(client::author_of({{"origin", "\x1b[2J"}}).contains('\x1b'));
}
