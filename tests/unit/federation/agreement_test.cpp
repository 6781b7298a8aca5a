#include "server/federation/agreement.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::federation {
namespace {

constexpr char kIdentity[] = "identity--00000000-0000-4000-8000-0000000000aa";

TEST_CASE("the file that is made for a new peer agrees to nothing", "[federation][agreement]") {
  auto const agreement = parse_agreement(agreement_template("b.example")).value();
  CHECK(agreement.identities.empty());
  CHECK(agreement.collections.empty());
  CHECK(agreement.audiences.empty());
  CHECK(agreement.witnesses.empty());
  CHECK(agreement.max_tlp == stix::Tlp::clear);
  CHECK((agreement.via.empty() && !agreement.relayed && agreement.relays.empty()));
  auto const empty = parse_agreement("").value();
  CHECK(empty.max_tlp == stix::Tlp::clear);
  CHECK(empty.identities.empty());
  CHECK(empty.entries_per_hour == agreement.entries_per_hour);
}

TEST_CASE("an agreement says what its file says", "[federation][agreement]") {
  std::string const text = std::string("direction = \"both\"\nidentities = [\"") + kIdentity +
                           "\"]\ncollections = [\"network\"]\nmax_tlp = \"amber+strict\"\naudiences = [\"ring\"]\n"
                           "entries_per_hour = 7\nmib_per_hour = 0\nparty = \"aurora\"\nvia = \"ibis\"\n"
                           "relayed = true\nrelays = [\"wren\"]\n";
  auto const agreement = parse_agreement(text).value();
  CHECK(agreement.direction == Direction::both);
  CHECK(agreement.identities == std::vector<std::string>{kIdentity});
  CHECK(agreement.collections == std::vector<std::string>{"network"});
  CHECK(agreement.max_tlp == stix::Tlp::amber_strict);
  CHECK(agreement.audiences == std::vector<std::string>{"ring"});
  CHECK(agreement.entries_per_hour == 7);
  CHECK(agreement.mib_per_hour == 0);
  CHECK(agreement.party == "aurora");
  CHECK(agreement.via == "ibis");
  CHECK(agreement.relayed);
  CHECK(agreement.relays == std::vector<std::string>{"wren"});
}

TEST_CASE("audiences of the peer are named by their markings, each with one here", "[federation][agreement]") {
  std::string const marking = "marking-definition--00000000-0000-4000-8000-0000000000bb";
  auto const both = {"peer_audiences = { \"" + marking + "\" = \"ring\" }",
                     "[peer_audiences]\n\"" + marking + "\" = \"ring\"\n"};
  for (std::string const& text : both)
    CHECK(parse_agreement(text)->peer_audiences == std::map<std::string, std::string>{{marking, "ring"}});
  CHECK(parse_agreement(agreement_template("b.example"))->peer_audiences.empty());
  for (std::string const wrong :
       {"peer_audiences = [\"ring\"]", "peer_audiences = { ring = \"ring\" }",
        "peer_audiences = { \"marking-definition--00000000-0000-4000-8000-0000000000BB\" = \"ring\" }",
        "peer_audiences = { \"identity--00000000-0000-4000-8000-0000000000bb\" = \"ring\" }",
        "peer_audiences = { \"marking-definition--00000000-0000-4000-8000-0000000000bb\" = \"\" }",
        "peer_audiences = { \"marking-definition--00000000-0000-4000-8000-0000000000bb\" = 1 }"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_agreement(wrong).has_value());
  }
}

TEST_CASE("all mistakes of an agreement are told at once, each with its line", "[federation][agreement]") {
  auto const refused = parse_agreement(
      "direction = \"up\"\nidentities = [\"identity--x\"]\ncollections = \"network\"\nmax_tlp = \"red\"\n"
      "entries_per_hour = -1\nwitnesses = [\"nobody\"]\nall_organisations = true\n[quota]\nx = 1\n");
  REQUIRE_FALSE(refused.has_value());
  auto const& mistakes = refused.error().mistakes;
  REQUIRE(mistakes.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) {
    CAPTURE(mistakes[i].detail);
    CHECK(mistakes[i].code == core::Code::config_invalid);
    CHECK(mistakes[i].detail.starts_with("Line " + std::to_string(i + 1) + ": "));
    CHECK_FALSE(mistakes[i].remedy.empty());
  }
}

TEST_CASE("beside its mistakes a text has what of it is well formed, and each mistaken key as if it were left out",
          "[federation][agreement]") {
  auto const refused = parse_agreement(
      "direction = \"both\"\ncollections = [\"network\"]\nmax_tlp = \"red\"\naudiences = [\"ring\", \"\"]\n"
      "entries_per_hour = -1\nmib_per_hour = 7\n");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().mistakes.size() == 3);
  auto const& rest = refused.error().well_formed;
  CHECK(rest.direction == Direction::both);
  CHECK(rest.collections == std::vector<std::string>{"network"});
  CHECK(rest.mib_per_hour == 7);
  CHECK(rest.max_tlp == stix::Tlp::clear);
  CHECK(rest.audiences.empty());
  CHECK(rest.entries_per_hour == parse_agreement("").value().entries_per_hour);
  auto const none = parse_agreement("collections = [\"network\"]\nmax_tlp");
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().mistakes.size() == 1);
  CHECK(none.error().well_formed.collections.empty());
}

TEST_CASE("RED, an identity in capitals and an empty name are nobody's to agree to", "[federation][agreement]") {
  for (char const* wrong : {"max_tlp = \"red\"", "identities = [\"IDENTITY--00000000-0000-4000-8000-0000000000aa\"]",
                            "identities = [\"identity--00000000-0000-4000-8000-0000000000AA\"]", "collections = [\"\"]",
                            "audiences = [1]", "direction = 1", "relayed = \"yes\"", "relayed = 1",
                            "entries_per_hour = 1.5", "direction = \"in\"\ndirection = \"out\"", "direction", "\xff"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_agreement(wrong).has_value());
  }
}

}  // namespace
}  // namespace tocsin::federation
