// Traffic Light Protocol: ten marking ids in the wild, one lattice. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/stix/identifier.hpp"

namespace tocsin::stix {

// CLEAR < GREEN < AMBER < AMBER+STRICT < RED. The numbers are stored and never change.
enum class Tlp : std::uint8_t { clear = 0, green = 1, amber = 2, amber_strict = 3, red = 4 };

// "clear", "green", "amber", "amber+strict", "red"; parsing accepts either case and "white" for clear.
[[nodiscard]] std::string_view name(Tlp level);
[[nodiscard]] std::optional<Tlp> parse_tlp(std::string_view text);

// The level of a marking-definition id: the four of STIX 2.1 (TLP 1), the five of OASIS TLP 2.0, and OpenCTI's
// AMBER+STRICT. nullopt for every other marking. Definitions sent in content never change this.
[[nodiscard]] std::optional<Tlp> tlp_of(Identifier const& marking);

// The OASIS TLP 2.0 marking-definition id of a level.
[[nodiscard]] std::string_view tlp2_id(Tlp level);

// The TLP 1 marking-definition id of STIX 2.1 (section 7.2.1.4) for a level. TLP 1 has no AMBER+STRICT: it is RED
// there, the next level that says no less. As long as tlp2_id.
[[nodiscard]] std::string_view tlp1_id(Tlp level);

// The ids in which a reader is told levels. The numbers are stored and never change.
enum class MarkingDialect : std::uint8_t { tlp2 = 0, tlp1 = 1 };

// "tlp2", "tlp1"; parsing takes no other spelling.
[[nodiscard]] std::string_view name(MarkingDialect dialect);
[[nodiscard]] std::optional<MarkingDialect> parse_marking_dialect(std::string_view text);

}  // namespace tocsin::stix
