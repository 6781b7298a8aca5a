#include "clients/logs/line_mapper.hpp"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "clients/logs/line_values.hpp"
#include "schema/stix/json.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::logs;
using stix::Json;

// Those that one line tells: a row of CSV says nothing without its header.
constexpr std::array kLineFormats{Format::nginx_json, Format::envoy, Format::alb, Format::gateway};

Json cases_of(Format format) {
  std::ifstream file("tests/cases/logs/" + std::string(name(format)) + ".json");
  REQUIRE(file);
  return Json::parse(file);
}

core::Result<AccessRecord> mapped(Format format, Json const& one) {
  auto const line = one.at("line").get<std::string>();
  if (format == Format::alb) return map_alb_line(line);
  FieldNames names(format);
  for (auto const& map : one.value("maps", Json::array())) REQUIRE(names.map(map.get<std::string>()));
  return map_json_line(line, names);
}

// What the record says, in the names of the case files.
Json said(AccessRecord const& record) {
  Json out{{"at_us", record.at_us}};
  auto const add = [&](char const* name, std::string const& text) {
    if (!text.empty()) out[name] = text;
  };
  if (record.address) {
    auto const length = static_cast<std::uint8_t>(record.address->six ? 128 : 32);
    out["address"] = match::text_of({record.address->value, record.address->six, length});
  }
  if (record.tokens_in) out["tokens_in"] = *record.tokens_in;
  if (record.tokens_out) out["tokens_out"] = *record.tokens_out;
  add("account", record.account);
  add("model", record.model);
  add("prompt", record.prompt);
  add("ja3", record.ja3);
  add("ja4", record.ja4);
  add("ja4h", record.ja4h);
  add("user_agent", record.user_agent);
  add("email_domain", record.email_domain);
  add("domain", record.domain);
  return out;
}

void check_case(Format format, Json const& one) {
  auto const record = mapped(format, one);
  if (one.contains("record")) {
    REQUIRE(record);
    CHECK(said(*record) == one.at("record"));
    CHECK(recognise(one.at("line").get<std::string>()).has_value());
  } else {
    REQUIRE_FALSE(record);
    if (one.contains("error")) CHECK(record.error().detail == one.at("error").get<std::string>());
    if (one.contains("code")) CHECK(core::row(record.error().code).code == one.at("code").get<std::string>());
  }
}

}  // namespace

TEST_CASE("A line of each format says what it says, and is refused for what it lacks") {
  for (auto const format : kLineFormats)
    for (auto const& one : cases_of(format)) {
      CAPTURE(name(format), one.at("name").get<std::string>());
      check_case(format, one);
    }
}

TEST_CASE("The format of a log is told by a line of it") {
  for (auto const format : kLineFormats)
    CHECK(recognise(cases_of(format).at(0).at("line").get<std::string>()) == format);
  for (auto const* other : {"", " ", "127.0.0.1 - - [10/Oct/2000]", "#Version: 1.0"})
    CHECK(recognise(other) == std::nullopt);
}

TEST_CASE("Bytes that are no UTF-8 hide nothing of a line") {
  auto const record = map_json_line("{\"time\":1795176000,\"account\":\"a\",\"user_agent\":\"x\xff\xc3\"}",
                                    FieldNames(Format::gateway));
  REQUIRE(record);
  CHECK(record->user_agent == "x??");
}

TEST_CASE("Why a line is none says nothing that stands in it") {
  auto const record =
      map_json_line(R"({"\u009b2Jme@example.com":1,"\u009b2Jme@example.com":2})", FieldNames(Format::gateway));
  REQUIRE_FALSE(record);
  CHECK(record.error().detail == "It has one name twice.");
}

TEST_CASE("A time is read as logs write it, and else not at all") {
  constexpr std::int64_t kNoon = 1'795'176'000'000'000;
  for (auto const* text : {"2026-11-20T12:00:00Z", "2026-11-20T12:00:00.000+00:00", "2026-11-20T17:30:00+05:30",
                           "20/Nov/2026:12:00:00 +0000", "1795176000", "1795176000.000", "1795176000000"})
    CHECK(parse_time(text) == kNoon);
  for (auto const* text : {"", "-", "T", "now", "2026-11-20T12:00:00", "2026-11-20T12:00:00+24:00", "-1", "inf", "nan",
                           "1e9", "1795176000x", "20/Nox/2026:12:00:00 +0000", "+00:00T", "99999999999999999999",
                           "9999-12-31T23:59:59-01:00", "1970-01-01T00:00:00+01:00"})
    CHECK(parse_time(text) == std::nullopt);
}

TEST_CASE("An address is read with its port or without, and no network is one") {
  for (auto const* text : {"203.0.113.7", "203.0.113.7:80", "[::ffff:203.0.113.7]", "::ffff:203.0.113.7"})
    CHECK(parse_address(text) == match::IpAddress{0xcb007107, false});
  for (auto const* text : {"", "-", ":", "[", "[]:80", "unix:", "203.0.113.0/24", "203.0.113.7/32",
                           "203.0.113.7-203.0.113.8", "host.example:80"})
    CHECK(parse_address(text) == std::nullopt);
}

TEST_CASE("A mapping of fields names one that there is, and a member") {
  FieldNames names(Format::gateway);
  CHECK(names.map("account=x"));
  CHECK(names.of(Field::account) == std::vector<std::string>{"x"});
  for (auto const* text : {"", "account", "account=", "=x", "acount=x"}) {
    auto const taken = names.map(text);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == core::Code::bad_parameter);
  }
}
