#include "clients/cpp/scan/suspects.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace tocsin::client {
namespace {

using match::Action;
using match::Evidence;

// Each kind of evidence comes from a party of its own.
KnownHit hit(std::size_t indicator, Evidence evidence, double confidence, Action action) {
  return {indicator, {evidence, static_cast<match::Party>(evidence) + 1, 1, confidence, action}};
}

void add(Suspects& suspects, std::string_view name, std::int64_t at, KnownHit const& one) {
  suspects.add(name, false, at, {&one, 1});
}

}  // namespace

TEST_CASE("what an account hit in different requests adds up by kind of evidence", "[client][scan]") {
  Suspects suspects;
  add(suspects, "a", 30, hit(1, Evidence::network, 0.5, Action::block));
  add(suspects, "a", 10, hit(2, Evidence::network, 0.8, Action::observe));
  add(suspects, "a", 20, hit(3, Evidence::content, 0.5, Action::verify));
  auto const found = suspects.findings();
  REQUIRE(found.suspects.size() == 1);
  auto const& one = found.suspects[0];
  CHECK(one.suggestion.confidence == Approx(1 - 0.2 * 0.5));
  CHECK(one.suggestion.action == Action::verify);
  CHECK(one.seen.requests == 3);
  CHECK(one.seen.first_us == 10);
  CHECK(one.seen.last_us == 30);
  CHECK(one.indicators == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("one kind of evidence alone makes no suspect, however often it is met", "[client][scan]") {
  Suspects suspects;
  for (std::size_t at = 0; at < 100; ++at) add(suspects, "a", 1, hit(at, Evidence::network, 0.9, Action::block));
  auto const found = suspects.findings();
  CHECK(found.suspects.empty());
  CHECK(found.clusters.empty());
  REQUIRE(found.others.size() == 1);
  CHECK(found.others[0].suggestion.action == Action::none);
  CHECK(found.others[0].indicators.size() == 64);
}

TEST_CASE("one party's word of two kinds makes a suspect for people to look at, and suggests nothing",
          "[client][scan]") {
  Suspects suspects;
  auto const says = [&](match::Party party, Evidence evidence, Action action) {
    add(suspects, "a", 1, {1, {evidence, party, 1, 0.8, action}});
  };
  says(1, Evidence::network, Action::block);
  says(1, Evidence::content, Action::block);
  auto const alone = suspects.findings();
  REQUIRE(alone.suspects.size() == 1);
  CHECK(alone.suspects[0].suggestion.action == Action::none);
  CHECK(alone.suspects[0].suggestion.confidence == Approx(0.8));
  says(2, Evidence::content, Action::verify);
  CHECK(suspects.findings().suspects[0].suggestion.action == Action::verify);
}

TEST_CASE("of what nothing is left nothing is held against anybody", "[client][scan]") {
  Suspects suspects;
  add(suspects, "a", 1, hit(1, Evidence::network, 0, Action::block));
  auto const found = suspects.findings();
  CHECK(found.suspects.size() + found.others.size() == 0);
}

TEST_CASE("suspects that each share an indicator with the next are one cluster, however many they are",
          "[client][scan]") {
  constexpr std::size_t kMany = 300'000;
  Suspects suspects;
  for (std::size_t at = 0; at < kMany; ++at) {
    auto const number = std::to_string(kMany + at);  // in the order of names
    add(suspects, number, 1, hit(at, at % 2 == 0 ? Evidence::network : Evidence::client, 0.5, Action::verify));
    add(suspects, number, 1, hit(at + 1, at % 2 == 0 ? Evidence::client : Evidence::network, 0.5, Action::verify));
  }
  auto const found = suspects.findings();
  REQUIRE(found.clusters.size() == 1);
  CHECK(found.clusters[0].accounts == kMany);
}

TEST_CASE("an address and an account of the same text are two", "[client][scan]") {
  Suspects suspects;
  auto const one = hit(1, Evidence::network, 0.5, Action::block);
  suspects.add("192.0.2.1", true, 1, {&one, 1});
  suspects.add("192.0.2.1", false, 1, {&one, 1});
  CHECK(suspects.findings().others.size() == 2);
}

TEST_CASE("suspects that others tie together are one cluster, and those without anything in common are two",
          "[client][scan]") {
  Suspects suspects;
  auto const both = [&](char const* name, std::size_t network, std::size_t content) {
    add(suspects, name, 1, hit(network, Evidence::network, 0.5, Action::block));
    add(suspects, name, 1, hit(content, Evidence::content, 0.5, Action::block));
  };
  both("a", 1, 10);
  both("b", 2, 10);
  both("c", 2, 11);
  both("d", 3, 12);
  auto const found = suspects.findings();
  REQUIRE(found.clusters.size() == 2);
  CHECK(found.clusters[0].accounts == 3);
  CHECK(found.clusters[0].indicators == std::set<std::size_t>{1, 2, 10, 11});
  CHECK(found.clusters[1].accounts == 1);
  for (auto const& one : found.suspects) CHECK(one.cluster == (one.name == "d" ? 1u : 0u));
}

}  // namespace tocsin::client
