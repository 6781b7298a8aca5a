#include "server/http/body_memory.hpp"

#include <optional>

#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

using Grown = BodyMemory::Grown;

TEST_CASE("Bodies of all organisations together hold no more than the most", "[http][body_memory]") {
  base::Gauge held;
  BodyMemory memory(100, held);
  BodyMemory::Hold first(memory, 1, 50);
  std::optional<BodyMemory::Hold> second(std::in_place, memory, 2, 50);
  BodyMemory::Hold third(memory, 3, 50);
  CHECK(first.grow_to(40) == Grown::yes);
  CHECK(second->grow_to(50) == Grown::yes);
  CHECK(third.grow_to(11) == Grown::server_full);
  CHECK(third.grow_to(10) == Grown::yes);
  CHECK(first.grow_to(41) == Grown::server_full);
  second.reset();
  CHECK(first.grow_to(90) == Grown::yes);
  CHECK(third.grow_to(11) == Grown::server_full);
}

TEST_CASE("A hold counts what it grows by, and never shrinks", "[http][body_memory]") {
  base::Gauge held;
  BodyMemory memory(100, held);
  BodyMemory::Hold hold(memory, 1, 100), other(memory, 2, 100);
  for (std::uint64_t bytes = 1; bytes <= 60; ++bytes) CHECK(hold.grow_to(bytes) == Grown::yes);
  CHECK(hold.grow_to(5) == Grown::yes);
  CHECK(other.grow_to(41) == Grown::server_full);
  CHECK(other.grow_to(40) == Grown::yes);
}

TEST_CASE("An organisation's bodies leave three quarters of the memory to others", "[http][body_memory]") {
  base::Gauge held;
  BodyMemory memory(400, held);
  BodyMemory::Hold first(memory, 1, 10), other(memory, 2, 10);
  {
    BodyMemory::Hold second(memory, 1, 10);
    CHECK(first.grow_to(60) == Grown::yes);
    CHECK(second.grow_to(41) == Grown::organisation_full);
    CHECK(second.grow_to(40) == Grown::yes);
    CHECK(other.grow_to(100) == Grown::yes);
  }
  CHECK(first.grow_to(100) == Grown::yes);
}

TEST_CASE("Two of the longest bodies of an organisation fit even where a quarter is less", "[http][body_memory]") {
  base::Gauge held;
  BodyMemory memory(100, held);
  BodyMemory::Hold first(memory, 1, 40), second(memory, 1, 40);
  CHECK(first.grow_to(40) == Grown::yes);
  CHECK(second.grow_to(40) == Grown::yes);
  CHECK(second.grow_to(41) == Grown::organisation_full);
}

TEST_CASE("The most can change while bodies hold more", "[http][body_memory]") {
  base::Gauge held;
  BodyMemory memory(100, held);
  BodyMemory::Hold hold(memory, 1, 100), other(memory, 2, 100);
  REQUIRE(hold.grow_to(80) == Grown::yes);
  memory.set_most(50);
  CHECK(other.grow_to(1) == Grown::server_full);
  CHECK(hold.grow_to(80) == Grown::yes);
  memory.set_most(200);
  CHECK(other.grow_to(120) == Grown::yes);
}

}  // namespace
}  // namespace tocsin::http
