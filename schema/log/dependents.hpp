// What a relay says of those who read a log through it: up to where each acknowledged its control log. The relay signs
// it for the log's origin, which does not know all of them. Values of their users; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"
#include "schema/log/keys.hpp"

namespace tocsin::log {

struct Dependents {
  std::string control;  // the origin of the control log
  // By the origin of the data log of each: so many first entries of the control log were applied there; 0: none yet.
  std::map<std::string, std::uint64_t> applied;

  // A title that names the kind and its version, a line `log ORIGIN`, a line `dependent ORIGIN SIZE` each.
  [[nodiscard]] std::string text() const;
  // Exactly what text() writes. Error: note_malformed.
  [[nodiscard]] static core::Result<Dependents> parse(std::string_view text);
  // Does a note look like one of these?
  [[nodiscard]] static bool begins(std::string_view note);

  friend bool operator==(Dependents const&, Dependents const&) = default;
};

constexpr std::size_t kMostDependents = 500;  // of one statement

struct SaidOfDependents {
  Dependents dependents;
  std::uint64_t time_s = 0;  // as the relay says
  std::string note;          // with its signature, and no other
};

// A note that the relay's key `applied` signed with a time (cosignature, type 0x04). Throws std::logic_error for a key
// of another type. Errors: note_malformed beyond kMostDependents.
[[nodiscard]] core::Result<std::string> sign_dependents(Dependents const& dependents, SignerKey const& applied,
                                                        std::uint64_t time_s);
// Errors: note_malformed; note_unverified unless that key signed it, once.
[[nodiscard]] core::Result<SaidOfDependents> open_dependents(std::string_view note, VerifierKey const& applied);

}  // namespace tocsin::log
