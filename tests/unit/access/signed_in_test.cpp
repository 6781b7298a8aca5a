// Who is signed in to the console, for how long, and what ends it.
#include "server/access/signed_in.hpp"

#include <set>

#include "server/access/authenticate.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::access {
namespace {

constexpr std::int64_t kNow = 1'800'000'000'000'000, kMinute = 60'000'000;

Session session_of(std::string id) {
  Session out;
  out.credential.token_id = std::move(id);
  out.credential.secret_digest = core::sha256("secret of " + out.credential.token_id);
  return out;
}

// Two members, of which the first has a token and the second, too.
Directory::Tables tables() {
  Directory::Tables out;
  out.organisations = {{1, "Aurora", "lab", 0, "", "", false, 0}, {2, "Borealis", "lab", 0, "", "", false, 0}};
  for (int number : {1, 2}) {
    store::Credential credential;
    credential.row = number;
    credential.token_id = "000000000000000" + std::to_string(number);
    credential.secret_digest = core::sha256("secret of " + credential.token_id);
    credential.organisation = number;
    out.credentials.push_back(credential);
  }
  return out;
}

base::ClientCertificate certificate_of(std::string const& name, char key = 'a') {
  return {core::sha256(std::string(1, key)), {name}, kNow + 1};
}

SignedIn signed_in(std::string const& id, bool at_mtls_door = false) {
  SignedInSessions sessions;
  auto const certificate = certificate_of("DNS:aurora.example");
  return sessions.open(session_of(id), at_mtls_door ? &certificate : nullptr, kNow).value().session;
}

std::string_view reason_of(std::expected<Authenticated, Refusal> const& who) {
  return who ? std::string_view("let in") : who.error().reason;
}

std::string const kFirst = "0000000000000001";

}  // namespace

TEST_CASE("Only the one cookie of that name is taken, as it was given", "[access][console]") {
  std::string const value(43, 'A');
  std::string const good = "__Host-tocsin=" + value;
  for (auto const& header : {good, "a=b; " + good, good + "; c=d", "a=b;" + good + " ;c", " " + good + "\t;;"})
    CHECK(console_cookie(header) == value);
  for (auto const& header :
       {std::string(), std::string("a=b"), std::string("__Host-tocsin"), std::string("__Host-tocsin="),
        "__host-tocsin=" + value, "x__Host-tocsin=" + value, "__Host-tocsin2=" + value, good + "A",
        "__Host-tocsin=" + value.substr(1), good + "; " + good, "a=" + good.substr(1), "__Host-tocsin =" + value,
        "a=b," + good + "; c"})
    CHECK_FALSE(console_cookie(header));
}

TEST_CASE("A session ends when it was not used for a quarter of an hour, and after eight hours in any case",
          "[access][console]") {
  SignedInSessions sessions;
  auto const opened = sessions.open(session_of(kFirst), nullptr, kNow).value();
  CHECK(opened.value.size() == 43);
  auto const name = core::sha256(opened.value);
  CHECK(sessions.find(name, kNow + 15 * kMinute - 1));
  CHECK_FALSE(sessions.find(name, kNow + 15 * kMinute));
  CHECK_FALSE(sessions.use(name, kNow + 15 * kMinute));  // what is over is not woken
  CHECK_FALSE(sessions.find(core::sha256("another"), kNow));
  CHECK(sessions.use(name, kNow + 10 * kMinute)->idle_us == kNow + 25 * kMinute);
  CHECK(sessions.use(name, kNow + 9 * kMinute)->idle_us == kNow + 25 * kMinute);    // a clock that was set back
  CHECK(sessions.find(name, kNow + 24 * kMinute)->idle_us == kNow + 25 * kMinute);  // to look is not to use
  std::int64_t now = kNow;
  while (now < kNow + 8 * 60 * kMinute - 14 * kMinute) CHECK(sessions.use(name, now += 14 * kMinute));
  CHECK(sessions.find(name, kNow + 8 * 60 * kMinute - 1));
  CHECK_FALSE(sessions.use(name, kNow + 8 * 60 * kMinute));
}

TEST_CASE("A session that was closed is nobody's, and the others are not touched", "[access][console]") {
  SignedInSessions sessions;
  auto const first = core::sha256(sessions.open(session_of(kFirst), nullptr, kNow).value().value);
  auto const second = core::sha256(sessions.open(session_of(kFirst), nullptr, kNow).value().value);
  CHECK(first != second);
  sessions.close(first);
  sessions.close(first);
  CHECK_FALSE(sessions.find(first, kNow));
  CHECK(sessions.find(second, kNow));
}

TEST_CASE("Of too many sessions of one credential the oldest ends, and what is over takes no place",
          "[access][console]") {
  SignedInSessions sessions;
  auto const other = core::sha256(sessions.open(session_of("0000000000000002"), nullptr, kNow).value().value);
  std::vector<core::Digest> names;
  for (std::size_t i = 0; i <= SignedInSessions::kMostOfOne; ++i)
    names.push_back(
        core::sha256(sessions.open(session_of(kFirst), nullptr, kNow + static_cast<std::int64_t>(i)).value().value));
  CHECK_FALSE(sessions.find(names.front(), kNow));
  for (std::size_t i = 1; i < names.size(); ++i) CHECK(sessions.find(names[i], kNow));
  CHECK(sessions.find(other, kNow));
  (void)sessions.open(session_of(kFirst), nullptr, kNow + 60 * kMinute);
  CHECK(sessions.size() == 1);
}

TEST_CASE("When all have as many sessions as may be, nobody is signed in and nobody is signed out",
          "[access][console]") {
  SignedInSessions sessions;
  auto const first = core::sha256(sessions.open(session_of("first"), nullptr, kNow).value().value);
  for (std::size_t i = 1; i < SignedInSessions::kMost; ++i)
    REQUIRE(sessions.open(session_of(std::to_string(i / SignedInSessions::kMostOfOne)), nullptr, kNow));
  CHECK(sessions.open(session_of("last"), nullptr, kNow).error().code == core::Code::unavailable);
  CHECK(sessions.find(first, kNow));
  CHECK(sessions.open(session_of("last"), nullptr, kNow + 15 * kMinute));
}

TEST_CASE("A session is its credential's, at the door at which it began", "[access][console]") {
  auto rows = tables();
  Directory const directory(rows, 1);
  auto const ask = [](Directory const& of, std::optional<SignedIn> const& who, bool at_mtls_door = false) {
    return authenticate_signed_in(of, who, at_mtls_door, nullptr, "192.0.2.1", kNow);
  };
  CHECK(ask(directory, signed_in(kFirst)).value().principal->organisation_name == "Aurora");
  CHECK(reason_of(ask(directory, std::nullopt)) == "signed-out");
  CHECK(reason_of(ask(directory, signed_in("0000000000000009"))) == "unknown");
  CHECK(reason_of(ask(directory, signed_in(kFirst), true)) == "wrong-door");
  CHECK(reason_of(ask(directory, signed_in(kFirst, true))) == "wrong-door");
  CHECK(reason_of(ask(directory, signed_in(kFirst, true), true)) == "untrusted");  // without its certificate
  auto const text = ask(directory, std::nullopt).error().detail;
  for (auto const& who : {signed_in("0000000000000009"), signed_in(kFirst, true)})
    CHECK(ask(directory, who).error().detail == text);
}

TEST_CASE("Whatever ends a credential ends its sessions, and so does a new secret", "[access][console]") {
  auto const reason = [](auto change) {
    auto rows = tables();
    change(rows);
    return reason_of(
        authenticate_signed_in(Directory(std::move(rows), 2), signed_in(kFirst), false, nullptr, "192.0.2.1", kNow));
  };
  CHECK(reason([](auto&) {}) == "let in");
  CHECK(reason([](auto& rows) { rows.credentials[0].revoked_us = kNow - 1; }) == "revoked");
  CHECK(reason([](auto& rows) { rows.credentials[0].expires_us = kNow; }) == "expired");
  CHECK(reason([](auto& rows) { rows.organisations[0].disabled = true; }) == "disabled");
  CHECK(reason([](auto& rows) { rows.credentials[0].networks = {"198.51.100.0/24"}; }) == "wrong-address");
  CHECK(reason([](auto& rows) { rows.credentials[0].secret_digest = core::sha256("new"); }) == "signed-out");
  CHECK(reason([](auto& rows) { rows.credentials.erase(rows.credentials.begin()); }) == "unknown");
}

TEST_CASE("At the door for certificates a session holds beside the certificate with which it began",
          "[access][console]") {
  auto rows = tables();
  rows.credentials[0].certificate = "DNS:aurora.example";
  rows.credentials[1].certificate = "DNS:borealis.example";
  auto const reason = [&](std::string const& name, char key = 'a') {
    auto const certificate = certificate_of(name, key);
    return reason_of(
        authenticate_signed_in(Directory(rows, 1), signed_in(kFirst, true), true, &certificate, "192.0.2.1", kNow));
  };
  CHECK(reason("DNS:aurora.example") == "let in");
  CHECK(reason("DNS:aurora.example", 'b') == "disagreeing");  // another key under the same name
  CHECK(reason("DNS:borealis.example") == "disagreeing");
  CHECK(reason("DNS:elsewhere.example") == "unbound");
  rows.denied_pins = {core::sha256("a")};
  CHECK(reason("DNS:aurora.example") == "denied");
}

}  // namespace tocsin::access
