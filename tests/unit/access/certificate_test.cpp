#include "server/access/certificate.hpp"

#include "schema/core/digest.hpp"
#include "server/access/authenticate.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/access/world.hpp"

using namespace tocsin;
using access::parse_certificate_name;
using test::AccessWorld;

namespace {

constexpr std::int64_t kNow = AccessWorld::kNow;
std::string const kUri = "URI:spiffe://lab/feed", kDns = "DNS:feed.lab.example";

base::ClientCertificate presented(std::string_view key, std::vector<std::string> names = {}) {
  return {core::sha256(key), std::move(names), kNow + 3'600'000'000};
}

std::string pin(std::string_view key) { return access::pin_name(core::sha256(key)); }

struct Members : AccessWorld {
  Members() {
    organisation("lab");
    organisation("cloud", "cloud");
  }
  // The id of a credential that is a certificate.
  std::string bind(std::string const& certificate, std::string const& of = "lab", std::string const& role = "feed") {
    access::NewCredential wanted;
    wanted.organisation = of;
    wanted.roles = {role};
    wanted.certificate = certificate;
    return token(wanted);
  }
  std::expected<access::Authenticated, access::Refusal> enter(base::ClientCertificate const& certificate,
                                                              std::optional<std::string> token = {},
                                                              std::string_view address = "192.0.2.1") {
    std::optional<std::string> header;
    if (token) header = "Bearer " + *token;
    return access::authenticate_certificate(*registry.current(), &certificate, header, false, address, kNow);
  }
  // Who it is let in as, or why it is not.
  std::string outcome(base::ClientCertificate const& certificate, std::optional<std::string> token = {}) {
    auto who = enter(certificate, std::move(token));
    return who ? who->principal->credential_id : std::string(who.error().reason);
  }
};

}  // namespace

TEST_CASE("a pin is taken in hexadecimal and in base64 and kept in one form", "[access][certificate]") {
  auto digest = core::sha256("key");
  std::string hex = core::to_hex(core::view(digest)), upper = hex;
  for (char& c : upper)
    if (c >= 'a') c = static_cast<char>(c - 32);
  for (auto const& text : {hex, upper, core::to_base64(core::view(digest))}) {
    CHECK(access::parse_pin(text).value() == digest);
    CHECK(parse_certificate_name("pin:" + text).value() == "pin:" + hex);
  }
  for (auto const& text : {std::string(), hex.substr(1), hex + "0", std::string(64, 'g'), std::string("AAAA")})
    CHECK(access::parse_pin(text).error().code == core::Code::bad_parameter);
}

TEST_CASE("names are kept as certificates are read: URIs as written, DNS names in lower case",
          "[access][certificate]") {
  CHECK(parse_certificate_name("URI:https://Lab.example/Feed").value() == "URI:https://Lab.example/Feed");
  CHECK(parse_certificate_name("URI:" + std::string(512, 'a')).has_value());
  CHECK(parse_certificate_name("DNS:Feed.Lab.example").value() == "DNS:feed.lab.example");
  CHECK(parse_certificate_name("DNS:AZ-09.example").value() == "DNS:az-09.example");
  CHECK(parse_certificate_name("URI:!~").value() == "URI:!~");
  for (std::string const& bad :
       std::initializer_list<std::string>{"", "x", "CN:feed", "CN=feed", "/CN=feed", "URI:", "URI:a b", "URI:\x7F",
                                          "URI:" + std::string(513, 'a'), "DNS:", "DNS:*.lab.example", "DNS:a b",
                                          "dns:a.example", "uri:a", "IP:192.0.2.1", "email:a@b.example", "pin:"}) {
    INFO(bad);
    CHECK(parse_certificate_name(bad).error().code == core::Code::bad_parameter);
  }
}

TEST_CASE("a certificate is the credential that asks for its pin or for one of its names", "[access][certificate]") {
  Members world;
  auto pinned = world.bind(pin("one")), uri = world.bind(kUri), dns = world.bind(kDns);
  CHECK(world.outcome(presented("one")) == pinned);
  CHECK(world.outcome(presented("one", {"URI:of another", "DNS:kind"})) == pinned);
  CHECK(world.outcome(presented("two", {"DNS:other", kUri})) == uri);
  CHECK(world.outcome(presented("two", {kDns})) == dns);
  auto who = world.enter(presented("one"));
  REQUIRE(who);
  CHECK(who->principal->organisation_name == "lab");
  CHECK(who->principal->roles == base::Roles{base::Role::feed});
}

TEST_CASE("A09: a certificate without a name that is asked for is nobody's", "[access][certificate]") {
  Members world;
  world.bind(kUri);
  world.bind(kDns);
  CHECK(world.outcome(presented("one")) == "unbound");
  CHECK(world.outcome(presented("one", {"URI:spiffe://lab/fee", "URI:spiffe://lab/feed/", "DNS:lab.example",
                                        "URI:feed.lab.example", "DNS:spiffe://lab/feed", "URI:SPIFFE://lab/feed"})) ==
        "unbound");
  CHECK(access::authenticate_certificate(*world.registry.current(), nullptr, {}, false, "192.0.2.1", kNow)
            .error()
            .reason == "untrusted");
}

TEST_CASE("A09: a certificate with names of two credentials is refused", "[access][certificate]") {
  Members world;
  auto uri = world.bind(kUri);
  world.bind(kDns, "cloud");
  auto pinned = world.bind(pin("one"));
  CHECK(world.outcome(presented("two", {kUri, kDns})) == "ambiguous");
  CHECK(world.outcome(presented("one", {kUri})) == "ambiguous");
  REQUIRE(world.administration.revoke(pinned, kNow));
  CHECK(world.outcome(presented("one", {kUri})) == "ambiguous");  // a key that was revoked comes in by no other name
  CHECK(world.outcome(presented("two", {kUri})) == uri);
}

TEST_CASE("A09: a certificate and a token of different organisations are refused", "[access][certificate]") {
  Members world;
  auto own = world.bind(kUri);
  auto same = world.token("lab", "analyst"), other = world.token("cloud", "analyst");
  auto refused = world.enter(presented("one", {kUri}), other);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "disagreeing");
  CHECK(refused.error().whose->credential_id == own);
  CHECK(world.outcome(presented("one", {kUri}), same) == same.substr(7, 16));
  CHECK(world.enter(presented("one", {kUri}), same)->principal->roles == base::Roles{base::Role::analyst});
}

TEST_CASE("A09: no token makes up for a certificate that is nobody's, and none for a token that is wrong",
          "[access][certificate]") {
  Members world;
  auto own = world.bind(kUri);
  auto token = world.token("lab", "analyst");
  CHECK(world.outcome(presented("one"), token) == "unbound");
  CHECK(world.outcome(presented("one", {kUri}), "") == "malformed");
  std::string wrong = token;
  wrong[30] = wrong[30] == 'A' ? 'B' : 'A';
  CHECK(world.outcome(presented("one", {kUri}), wrong) == "wrong-secret");
  REQUIRE(world.administration.revoke(own, kNow));
  CHECK(world.outcome(presented("one", {kUri}), token) == "revoked");
}

TEST_CASE("A09: the id of a certificate's credential is no token", "[access][certificate]") {
  Members world;
  auto id = world.bind(kUri);
  for (char fill : {'A', '0'}) {
    std::string header = "Bearer tocsin_" + id + "_" + std::string(43, fill);
    auto refused = access::authenticate(*world.registry.current(), header, false, "192.0.2.1", kNow);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "unknown");
  }
}

TEST_CASE("expiry, address range, revoking, disabling and denying count for certificates", "[access][certificate]") {
  Members world;
  auto certificate = presented("one", {kUri});
  access::NewCredential wanted;
  wanted.organisation = "lab";
  wanted.roles = {"feed"};
  wanted.networks = {"203.0.113.0/24"};
  wanted.certificate = kUri;
  auto id = world.token(wanted);
  CHECK(world.outcome(certificate) == "wrong-address");
  CHECK(world.enter(certificate, {}, "203.0.113.9"));
  certificate.ends_us = kNow;
  CHECK(world.outcome(certificate) == "expired");
  certificate.ends_us = kNow + 1;
  REQUIRE(world.administration.disable("lab", true));
  CHECK(world.enter(certificate, {}, "203.0.113.9").error().reason == "disabled");
  REQUIRE(world.administration.disable("lab", false));
  REQUIRE(world.administration.deny(pin("one").substr(4), kNow));
  CHECK(world.enter(certificate, {}, "203.0.113.9").error().reason == "denied");
  certificate.pin = core::sha256("another key");
  CHECK(world.enter(certificate, {}, "203.0.113.9"));
  REQUIRE(world.administration.revoke(id, kNow));
  CHECK(world.enter(certificate, {}, "203.0.113.9").error().reason == "revoked");
}

TEST_CASE("A12: every failure of a certificate is the same error", "[access][certificate]") {
  Members world;
  auto revoked = world.bind(kUri);
  world.bind(kDns, "cloud");
  auto token = world.token("lab", "analyst");
  REQUIRE(world.administration.revoke(revoked, kNow));
  REQUIRE(world.administration.deny(pin("denied").substr(4), kNow));
  auto expected = world.enter(presented("nobody")).error();
  CHECK(expected.code == core::Code::unauthorized);
  CHECK(expected.remedy.contains("certificate"));
  CHECK_FALSE(expected.remedy.contains("Bearer"));
  for (auto const& refused : {world.enter(presented("denied")), world.enter(presented("one", {kUri})),
                              world.enter(presented("one", {kUri, kDns})), world.enter(presented("one", {kDns}), token),
                              world.enter(presented("one", {kDns}), "x")}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail == expected.detail);
    CHECK(refused.error().remedy == expected.remedy);
  }
}

TEST_CASE("a name that was revoked can be given to another credential", "[access][certificate]") {
  Members world;
  auto first = world.bind(kUri);
  REQUIRE(world.administration.revoke(first, kNow));
  CHECK(world.outcome(presented("one", {kUri})) == "revoked");
  auto second = world.bind(kUri, "cloud");
  CHECK(world.outcome(presented("one", {kUri})) == second);
}

TEST_CASE("a key is denied by its pin, and what is none denies nothing", "[access][certificate]") {
  Members world;
  CHECK(world.administration.deny("nonsense", kNow).error().code == core::Code::bad_parameter);
  CHECK(world.registry.current()->tables().denied_pins.empty());
  REQUIRE(world.administration.deny(pin("one").substr(4), kNow));
  CHECK(world.registry.current()->is_denied(core::sha256("one")));
  CHECK_FALSE(world.registry.current()->is_denied(core::sha256("two")));
}
