#include "server/access/authenticate.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/access/world.hpp"

using namespace tocsin;
using test::AccessWorld;

namespace {

constexpr std::int64_t kNow = AccessWorld::kNow;
constexpr std::int64_t kLater = kNow + 86'400'000'000;

std::expected<access::Authenticated, access::Refusal> enter(AccessWorld& world, std::optional<std::string> header,
                                                            std::string_view address = "192.0.2.1",
                                                            std::int64_t now = kNow) {
  std::optional<std::string_view> given;
  if (header) given = *header;
  return access::authenticate(*world.registry.current(), given, false, address, now);
}

access::NewCredential analyst() {
  access::NewCredential wanted;
  wanted.organisation = "lab";
  wanted.roles = {"analyst"};
  wanted.label = "desk";
  return wanted;
}

struct Lab : AccessWorld {
  Lab() { organisation("lab"); }
};

}  // namespace

TEST_CASE("a token gives its principal and its view", "[access][authenticate]") {
  Lab world;
  auto token = world.token(analyst());
  auto who = enter(world, "Bearer " + token);
  REQUIRE(who.has_value());
  CHECK(who->principal->organisation_name == "lab");
  CHECK(who->principal->credential_label == "desk");
  CHECK(who->principal->roles == base::Roles{base::Role::analyst});
  CHECK(who->view == world.session(token).view);
}

TEST_CASE("every failure to authenticate is the same error", "[access][authenticate]") {
  Lab world;
  auto token = world.token(analyst()), revoked = world.token(analyst());
  REQUIRE(world.administration.revoke(revoked.substr(7, 16), kNow).has_value());
  auto expiring = analyst(), elsewhere = analyst();
  expiring.expires = "1970-01-13T00:00:00Z";  // later than kNow, when it is made
  elsewhere.networks = {"203.0.113.0/24"};
  std::string wrong = token, unknown = token;
  wrong[30] = wrong[30] == 'A' ? 'B' : 'A';
  unknown[8] = unknown[8] == '0' ? '1' : '0';
  world.organisation("off");
  auto off = analyst();
  off.organisation = "off";
  auto disabled = world.token(off);
  REQUIRE(world.administration.disable("off", true).has_value());
  core::Error const expected = enter(world, std::nullopt).error();
  CHECK(expected.code == core::Code::unauthorized);
  for (auto const& text :
       {std::string("none"), "Bearer " + wrong, "Bearer " + unknown, "Bearer " + revoked, "Bearer " + disabled,
        "Bearer " + world.token(expiring), "Bearer " + world.token(elsewhere), std::string("Bearer x")}) {
    auto refused = enter(world, text, "192.0.2.1", kLater);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == expected.code);
    CHECK(refused.error().detail == expected.detail);
    CHECK(refused.error().remedy == expected.remedy);
  }
  CHECK(enter(world, "Bearer " + token).has_value());
}

TEST_CASE("the operator is told why a credential was refused and whose it was, if its secret was the right one",
          "[access][authenticate]") {
  Lab world;
  world.organisation("off");
  auto expiring = analyst(), elsewhere = analyst(), off = analyst();
  expiring.expires = "1970-01-13T00:00:00Z";
  elsewhere.networks = {"203.0.113.0/24"};
  off.organisation = "off";
  auto token = world.token(analyst()), revoked = world.token(analyst()), disabled = world.token(off),
       expired = world.token(expiring), abroad = world.token(elsewhere);
  REQUIRE(world.administration.revoke(revoked.substr(7, 16), kNow).has_value());
  REQUIRE(world.administration.disable("off", true).has_value());
  std::string wrong = token, unknown = token;
  wrong[30] = wrong[30] == 'A' ? 'B' : 'A';
  unknown[8] = unknown[8] == '0' ? '1' : '0';
  struct Row {
    std::string given;
    char const* reason;
    bool known;
  };
  for (Row const& row : {Row{revoked, "revoked", true}, Row{disabled, "disabled", true}, Row{expired, "expired", true},
                         Row{abroad, "wrong-address", true}, Row{wrong, "wrong-secret", false},
                         Row{unknown, "unknown", false}, Row{"x", "malformed", false}}) {
    INFO(row.reason);
    auto refused = enter(world, "Bearer " + row.given, "192.0.2.1", kLater);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().reason == row.reason);
    REQUIRE((refused.error().whose != nullptr) == row.known);
    if (row.known) CHECK(refused.error().whose->credential_id == row.given.substr(7, 16));
  }
  CHECK(enter(world, std::nullopt).error().reason == "missing");
}

TEST_CASE("a credential ends at the instant of its expiry", "[access][authenticate]") {
  Lab world;
  auto wanted = analyst();
  wanted.expires = "2027-01-31T00:00:00Z";
  auto header = "Bearer " + world.token(wanted);
  constexpr std::int64_t kEnd = 1'801'353'600'000'000;
  CHECK(enter(world, header, "192.0.2.1", kEnd - 1).has_value());
  CHECK_FALSE(enter(world, header, "192.0.2.1", kEnd).has_value());
}

TEST_CASE("an invitation lets in for a day and not a microsecond longer", "[access][authenticate]") {
  Lab world;
  auto const invitation = world.administration.invite(analyst(), kNow).value();
  auto const header = "Bearer " + invitation.token;
  CHECK(enter(world, header, "192.0.2.1", invitation.until_us - 1).has_value());
  auto const late = enter(world, header, "192.0.2.1", invitation.until_us);
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().reason == "expired");
}

TEST_CASE("an address range lets in who is inside one of its networks", "[access][authenticate]") {
  Lab world;
  auto wanted = analyst();
  wanted.networks = {"203.0.113.0/24", "2001:db8::/32"};
  auto header = "Bearer " + world.token(wanted);
  for (char const* inside : {"203.0.113.9", "::ffff:203.0.113.9", "2001:db8::9"})
    CHECK(enter(world, header, inside).has_value());
  for (char const* outside : {"203.0.114.9", "2001:db9::9", "", "nowhere"})
    CHECK_FALSE(enter(world, header, outside).has_value());
}

TEST_CASE("disabling an organisation and enabling it again takes effect with the next request",
          "[access][authenticate]") {
  Lab world;
  auto header = "Bearer " + world.token(analyst());
  CHECK(enter(world, header).has_value());
  REQUIRE(world.administration.disable("lab", true).has_value());
  CHECK_FALSE(enter(world, header).has_value());
  REQUIRE(world.administration.disable("lab", false).has_value());
  CHECK(enter(world, header).has_value());
}
