#include "schema/stix/marking.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace tocsin::stix {
namespace {

struct KnownMarking {
  std::string_view uuid;
  Tlp level;
};

constexpr std::string_view kType = "marking-definition";

constexpr std::array<KnownMarking, 10> kKnown{{
    // STIX 2.1 section 7.2.1.4
    {"613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp::clear},
    {"34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp::green},
    {"f88d31f6-486f-44da-b317-01333bde0b82", Tlp::amber},
    {"5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp::red},
    // OASIS TLP 2.0, extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d
    {"94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp::clear},
    {"bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp::green},
    {"55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp::amber},
    {"939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp::amber_strict},
    {"e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp::red},
    // OpenCTI
    {"826578e1-40ad-459f-bc73-ede076f81f37", Tlp::amber_strict},
}};

constexpr std::array<std::string_view, 5> kNames{"clear", "green", "amber", "amber+strict", "red"};

constexpr std::array<std::string_view, 5> kTlp2{
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
};

constexpr std::array<std::string_view, 5> kTlp1{
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",  // AMBER+STRICT
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
};

constexpr std::array<std::string_view, 2> kDialects{"tlp2", "tlp1"};

using Binary = std::array<core::Uuid, kKnown.size()>;

Binary const& known_uuids() {
  static Binary const uuids = [] {
    Binary out;
    std::ranges::transform(kKnown, out.begin(), [](auto const& known) { return core::parse_uuid(known.uuid).value(); });
    return out;
  }();
  return uuids;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view name(Tlp level) { return kNames[static_cast<std::size_t>(level)]; }

std::optional<Tlp> parse_tlp(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), lower);
  if (lowered == "white") return Tlp::clear;
  auto at = std::ranges::find(kNames, lowered);
  if (at == kNames.end()) return std::nullopt;
  return static_cast<Tlp>(at - kNames.begin());
}

std::optional<Tlp> tlp_of(Identifier const& marking) {
  if (marking.type() != kType) return std::nullopt;
  auto const& uuids = known_uuids();
  auto at = std::ranges::find(uuids, marking.uuid());
  if (at == uuids.end()) return std::nullopt;
  return kKnown[static_cast<std::size_t>(at - uuids.begin())].level;
}

std::string_view tlp2_id(Tlp level) { return kTlp2[static_cast<std::size_t>(level)]; }

std::string_view tlp1_id(Tlp level) { return kTlp1[static_cast<std::size_t>(level)]; }

std::string_view name(MarkingDialect dialect) { return kDialects[static_cast<std::size_t>(dialect)]; }

std::optional<MarkingDialect> parse_marking_dialect(std::string_view text) {
  auto at = std::ranges::find(kDialects, text);
  if (at == kDialects.end()) return std::nullopt;
  return static_cast<MarkingDialect>(at - kDialects.begin());
}

}  // namespace tocsin::stix
