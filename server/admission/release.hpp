// An object is shown to more readers: what of its markings changes, and whether it may. Nothing is stored here. Pure
// but for the directory; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "schema/core/result.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/marking.hpp"
#include "server/access/classify.hpp"
#include "server/access/directory.hpp"

namespace tocsin::admission {

// To whom: everybody whom a level allows, or whom the marking of an audience or of authorities names.
using ReleaseTarget = std::variant<stix::Tlp, stix::Identifier>;

// "tlp:LEVEL"; the name or the marking of an audience to which the organisation belongs; or the code of an authority,
// which is the marking that names it alone, or else the one that names fewest beside it. Error bad_parameter: it is
// none of these, whether it is not there or the organisation does not belong.
[[nodiscard]] core::Result<ReleaseTarget> parse_release_target(std::string_view text,
                                                               access::Directory const& directory,
                                                               store::RowId organisation);
// As parse_release_target takes it, whatever audiences are called.
[[nodiscard]] std::string text_of(ReleaseTarget const& target);

// The version that follows `stored`: the same but for `modified` and `object_marking_refs`. A level takes the place of
// the one before, and below AMBER+STRICT that of audiences, below AMBER that of authorities; an audience takes the
// place of audiences, authorities that of authorities. Error unprocessable for an object without versions, or a revoked
// one.
[[nodiscard]] core::Result<stix::Json> released(stix::Json stored, ReleaseTarget const& target,
                                                access::Directory const& directory, store::RowId organisation,
                                                std::int64_t now_us);

// Who sees an object of a kind before and after a release.
struct Widening {
  access::ClassFacts before, after;
  std::string_view kind{};
};

// Whether more see it afterwards, and all who saw it. What is for a named audience only is for no government. Errors:
// release_not_wider, release_of_red, marking_below_floor, and unprocessable when a part of the object has a marking
// that stands in the way of a level.
[[nodiscard]] core::Result<void> check_release(access::Directory const& directory, Widening const& widening,
                                               ReleaseTarget const& target);

}  // namespace tocsin::admission
