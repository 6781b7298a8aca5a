#include "schema/stix/identifier.hpp"

#include <compare>

#include "tests/support/catch.hpp"

namespace tocsin::stix {
namespace {

constexpr std::string_view kUuid = "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

core::Error refusal(std::string const& text) {
  auto out = Identifier::parse(text);
  INFO("text: " << text);
  REQUIRE_FALSE(out.has_value());
  CHECK(out.error().code == core::Code::id_invalid);
  CHECK_FALSE(out.error().remedy.empty());
  return out.error();
}

TEST_CASE("an identifier has a type, a UUID and its text", "[stix][identifier]") {
  auto id = Identifier::parse("x-acme-thing2--8E2e2d2b-17d4-4cbf-938f-98ee46b3cd3f").value();
  CHECK(id.type() == "x-acme-thing2");
  CHECK(core::to_text(id.uuid()) == kUuid);
  CHECK(id.text() == "x-acme-thing2--8E2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
}

TEST_CASE("a made identifier equals the parsed one", "[stix][identifier]") {
  auto id = Identifier::make("indicator", *core::parse_uuid(kUuid));
  CHECK(id.text() == "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
  CHECK(id == Identifier::parse(id.text()).value());
}

TEST_CASE("identifiers compare by type, then by UUID, whatever the case of the digits", "[stix][identifier]") {
  auto lower = Identifier::parse("tool--aaaaaaaa-17d4-4cbf-938f-98ee46b3cd3f").value();
  auto upper = Identifier::parse("tool--AAAAAAAA-17d4-4cbf-938f-98ee46b3cd3f").value();
  auto later = Identifier::parse("tool--BAAAAAAA-17d4-4cbf-938f-98ee46b3cd3f").value();
  auto other = Identifier::parse("note--FAAAAAAA-17d4-4cbf-938f-98ee46b3cd3f").value();
  CHECK(lower == upper);
  CHECK(std::is_eq(lower <=> upper));
  CHECK(lower < later);
  CHECK(other < lower);
  CHECK(lower != other);
}

TEST_CASE("a refusal says which part is malformed", "[stix][identifier]") {
  CHECK(refusal("").detail == "The identifier has no two dashes between type and UUID.");
  CHECK(refusal("indicator-" + std::string(kUuid)).detail == "The identifier has no two dashes between type and UUID.");
  CHECK(refusal("Indicator--" + std::string(kUuid)).detail == "The identifier does not begin with a type name.");
  CHECK(refusal("--" + std::string(kUuid)).detail == "The identifier does not begin with a type name.");
  CHECK(refusal("indicator--").detail == "The part after the two dashes has 0 characters; a UUID has 36.");
  CHECK(refusal("indicator---" + std::string(kUuid)).detail ==
        "The part after the two dashes has 37 characters; a UUID has 36.");
  CHECK(refusal("indicator--x--" + std::string(kUuid)).detail ==
        "The part after the two dashes has 39 characters; a UUID has 36.");
  for (auto uuid : {"8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3g", "8e2e2d2b17d4-4cbf-938f-98ee46b3cd3f-",
                    "8e2e2d2b-17d4-4cbf-938f_98ee46b3cd3f", "{e2e2d2b-17d4-4cbf-938f-98ee46b3cd3}"}) {
    CHECK(refusal("indicator--" + std::string(uuid)).detail == "The part after the two dashes is not a UUID.");
  }
}

TEST_CASE("a type name has 3 to 250 lower-case letters, digits and single dashes", "[stix][identifier]") {
  for (auto name : {"url", "ipv4-addr", "x-a-1", "a1b"}) CHECK(is_type_name(name));
  CHECK(is_type_name(std::string(250, 'a')));
  for (auto name : {"", "a", "ab", "1ab", "-ab", "ab-", "a--b", "Abc", "a_b", "a b", "a.b", "a\xC3\xA9"}) {
    INFO(name);
    CHECK_FALSE(is_type_name(name));
  }
  CHECK_FALSE(is_type_name(std::string(251, 'a')));
}

TEST_CASE("version 5 UUIDs are those of RFC 4122", "[stix][identifier]") {
  auto dns = *core::parse_uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  CHECK(core::to_text(uuid_v5(dns, "www.example.com")) == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  CHECK(core::to_text(uuid_v5(dns, "python.org")) == "886313e1-3b8a-5372-9b90-0c9aee199e5d");
}

}  // namespace
}  // namespace tocsin::stix
