#include "schema/stix/timestamp.hpp"

#include <limits>

#include "tests/support/catch.hpp"

namespace tocsin::stix {
namespace {

Timestamp at(std::string_view text) {
  auto out = Timestamp::parse(text);
  INFO("text: " << text << " error: " << (out ? "" : out.error().detail));
  REQUIRE(out.has_value());
  return *out;
}

std::string broken_rule(std::string_view text) {
  auto out = Timestamp::parse(text);
  INFO("text: " << text);
  REQUIRE_FALSE(out.has_value());
  CHECK(out.error().code == core::Code::timestamp_invalid);
  CHECK_FALSE(out.error().remedy.empty());
  return out.error().detail;
}

TEST_CASE("a timestamp is whole seconds and nanoseconds since 1970", "[stix][timestamp]") {
  CHECK(at("1970-01-01T00:00:00Z").seconds() == 0);
  CHECK(at("2016-01-20T12:31:12.123Z").seconds() == 1453293072);
  CHECK(at("2016-01-20T12:31:12.123Z").nanoseconds() == 123'000'000);
  CHECK(at("2016-01-20T12:31:12.123456789Z").nanoseconds() == 123'456'789);
  CHECK(at("1969-12-31T23:59:59.5Z").seconds() == -1);
  CHECK(at("1969-12-31T23:59:59.5Z").nanoseconds() == 500'000'000);
  CHECK(at("0000-01-01T00:00:00Z").seconds() == -62'167'219'200);
  CHECK(at("9999-12-31T23:59:59Z").seconds() == 253'402'300'799);
}

TEST_CASE("spellings of one instant are equal and instants are ordered", "[stix][timestamp]") {
  CHECK(at("2024-05-01T00:00:00Z") == at("2024-05-01T00:00:00.000000000Z"));
  CHECK(at("2024-05-01T00:00:00.1Z") == at("2024-05-01T00:00:00.100Z"));
  CHECK(at("2024-05-01T00:00:00.1Z") > at("2024-05-01T00:00:00.099999999Z"));
  CHECK(at("2024-05-01T00:00:01Z") > at("2024-05-01T00:00:00.999Z"));
}

TEST_CASE("the calendar knows leap years", "[stix][timestamp]") {
  for (auto text : {"2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "0000-02-29T00:00:00Z", "2023-12-31T00:00:00Z"}) {
    CHECK(at(text).text().starts_with(std::string_view(text).substr(0, 10)));
  }
  for (auto text : {"2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "2024-04-31T00:00:00Z",
                    "2024-01-32T00:00:00Z", "2024-01-00T00:00:00Z"}) {
    CHECK(broken_rule(text) == "The timestamp is invalid: the month has no such day.");
  }
  CHECK(broken_rule("2024-13-01T00:00:00Z") == "The timestamp is invalid: months go from 01 to 12.");
  CHECK(broken_rule("2024-00-01T00:00:00Z") == "The timestamp is invalid: months go from 01 to 12.");
}

TEST_CASE("the time of day stays within the day", "[stix][timestamp]") {
  CHECK(broken_rule("2024-01-01T24:00:00Z") == "The timestamp is invalid: hours go from 00 to 23.");
  CHECK(broken_rule("2024-01-01T00:60:00Z") == "The timestamp is invalid: minutes go from 00 to 59.");
  CHECK(broken_rule("2024-01-01T00:00:60Z") == "The timestamp is invalid: there is no such second in that minute.");
  CHECK(broken_rule("2024-01-31T23:59:61Z") == "The timestamp is invalid: there is no such second in that minute.");
}

TEST_CASE("a leap second is the second after and stands at the end of a month only", "[stix][timestamp]") {
  CHECK(at("2016-12-31T23:59:60Z") == at("2017-01-01T00:00:00Z"));
  CHECK(at("2016-12-31T23:59:60.25Z") == at("2017-01-01T00:00:00.25Z"));
  CHECK(at("2012-06-30T23:59:60Z") == at("2012-07-01T00:00:00Z"));
  broken_rule("2016-12-30T23:59:60Z");
  broken_rule("2016-12-31T22:59:60Z");
  CHECK(broken_rule("9999-12-31T23:59:60Z") == "The timestamp is invalid: it is after the year 9999.");
}

TEST_CASE("the form is strict and the refusal says where it breaks", "[stix][timestamp]") {
  CHECK(broken_rule("") == "The timestamp is invalid: character 1 is not that of YYYY-MM-DDTHH:MM:SS.");
  CHECK(broken_rule("2024-1-01T00:00:00Z") ==
        "The timestamp is invalid: character 7 is not that of YYYY-MM-DDTHH:MM:SS.");
  CHECK(broken_rule("2024-01-01 00:00:00Z") ==
        "The timestamp is invalid: character 11 is not that of YYYY-MM-DDTHH:MM:SS.");
  broken_rule("2024-01-01t00:00:00Z");
  broken_rule("+024-01-01T00:00:00Z");
  broken_rule(" 2024-01-01T00:00:00Z");
  broken_rule("20240101T000000Z");
  CHECK(broken_rule("2024-01-01T00:00:00z") == "The timestamp is invalid: the Z must be upper case.");
  for (auto rest : {"", "+00:00", "-00:00", " Z", "ZZ", "Z ", ",5Z"}) {
    CHECK(broken_rule("2024-01-01T00:00:00" + std::string(rest)) ==
          "The timestamp is invalid: after the seconds comes a fraction or the letter Z.");
  }
  for (auto rest : {".5", ".5z", ".5+00:00", ".5ZZ", ".5.5Z"}) {
    CHECK(broken_rule("2024-01-01T00:00:00" + std::string(rest)) ==
          "The timestamp is invalid: it must end with the letter Z, which means UTC.");
  }
  CHECK(broken_rule("2024-01-01T00:00:00.Z") == "The timestamp is invalid: the decimal point needs digits after it.");
  CHECK(broken_rule("2024-01-01T00:00:00.1234567890Z") ==
        "The timestamp is invalid: the seconds have more than nine decimals.");
}

TEST_CASE("text has three decimals or as many as the instant needs", "[stix][timestamp]") {
  CHECK(at("2024-05-01T01:02:03Z").text() == "2024-05-01T01:02:03.000Z");
  CHECK(at("2024-05-01T01:02:03.1Z").text() == "2024-05-01T01:02:03.100Z");
  CHECK(at("2024-05-01T01:02:03.1234Z").text() == "2024-05-01T01:02:03.1234Z");
  CHECK(at("2024-05-01T01:02:03.000000001Z").text() == "2024-05-01T01:02:03.000000001Z");
  CHECK(at("0007-05-01T01:02:03.120000Z").text() == "0007-05-01T01:02:03.120Z");
}

TEST_CASE("text in microseconds has six decimals, rounded down", "[stix][timestamp]") {
  CHECK(at("2024-05-01T01:02:03Z").text_microseconds() == "2024-05-01T01:02:03.000000Z");
  CHECK(at("2024-05-01T01:02:03.123456999Z").text_microseconds() == "2024-05-01T01:02:03.123456Z");
  CHECK(at("1969-12-31T23:59:59.999999999Z").text_microseconds() == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("counts since 1970 become instants on both sides of it", "[stix][timestamp]") {
  CHECK(Timestamp::from_microseconds(-1).text() == "1969-12-31T23:59:59.999999Z");
  CHECK(Timestamp::from_microseconds(1'453'293'072'123'456).text() == "2016-01-20T12:31:12.123456Z");
  CHECK(Timestamp::from_nanoseconds(-1).text() == "1969-12-31T23:59:59.999999999Z");
  CHECK(Timestamp::from_nanoseconds(1'000'000'000).text() == "1970-01-01T00:00:01.000Z");
  for (auto text : {"0000-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"}) {
    CHECK(Timestamp::from_microseconds(at(text).microseconds()) == at(text));
  }
}

TEST_CASE("instants within int64 nanoseconds have a key and others have none", "[stix][timestamp]") {
  constexpr auto kFirst = std::numeric_limits<std::int64_t>::min(), kLast = std::numeric_limits<std::int64_t>::max();
  for (auto count : {kFirst, kFirst + 1, std::int64_t{-1'000'000'001}, std::int64_t{-1}, std::int64_t{0}, kLast}) {
    auto instant = Timestamp::from_nanoseconds(count);
    CHECK(instant.has_key());
    CHECK(instant.key() == count);
  }
  CHECK(Timestamp::from_nanoseconds(kFirst).text() == "1677-09-21T00:12:43.145224192Z");
  CHECK(Timestamp::from_nanoseconds(kLast).text() == "2262-04-11T23:47:16.854775807Z");
  CHECK_FALSE(at("1677-09-21T00:12:43.145224191Z").has_key());
  CHECK_FALSE(at("2262-04-11T23:47:16.854775808Z").has_key());
  CHECK_FALSE(at("9999-12-31T23:59:59Z").has_key());
}

TEST_CASE("the text of every day reads back as the same instant", "[stix][timestamp]") {
  constexpr std::int64_t kDay = 86'400'000'000, kFirst = -62'167'219'200'000'000, kEnd = 253'402'300'800'000'000;
  std::string before;
  for (std::int64_t count = kFirst; count < kEnd; count += 37 * kDay + 1'000'001) {
    auto instant = Timestamp::from_microseconds(count);
    auto text = instant.text_microseconds();
    if (Timestamp::parse(text) != instant || text <= before) FAIL(text);
    before = text;
  }
  CHECK(before.starts_with("9999-"));
}

}  // namespace
}  // namespace tocsin::stix
