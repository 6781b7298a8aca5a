// What was agreed with a peer, as the operator writes it down: D/peers/NAME.toml, one table of keys that is its parser
// and its manual. It denies whatever it does not name. Values of their users; any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/error.hpp"
#include "schema/log/keys.hpp"
#include "schema/stix/marking.hpp"

namespace tocsin::federation {

enum class Direction : std::uint8_t { in, out, both };  // as seen from here

struct Agreement {
  Direction direction = Direction::in;
  std::vector<std::string> identities;   // that the peer may speak for, whatever content says
  std::vector<std::string> collections;  // aliases or ids of those that are exchanged
  stix::Tlp max_tlp = stix::Tlp::clear;  // never RED
  std::vector<std::string> audiences;    // names of those that the peer's organisation may belong to
  std::int64_t entries_per_hour = 0, mib_per_hour = 0;
  std::vector<log::VerifierKey> witnesses;  // of type `cosignature`
  std::string party;                        // a member or another peer that the peer is one party with; "": nobody
  // By the id of the peer's marking, in lower case: the audience here whose members see what it marks.
  std::map<std::string, std::string> peer_audiences;
  std::string via;                          // the peer that hands its log on when it cannot be reached; "": nobody
  bool relayed = false;                     // whether what it logged may be handed on to others
  std::vector<std::string> relays;          // names of the peers whose logs are handed on to this one
};

[[nodiscard]] std::string_view name_of(Direction direction);

// A text with mistakes, which is never in force. A key with a mistake is as if it were left out, and so is everything
// of what is no TOML: the rest can be compared with this instance, so that the operator is told of all mistakes at
// once.
struct MistakenAgreement {
  std::vector<core::Error> mistakes;  // never empty, in the order of the file
  Agreement well_formed;
};

// Every mistake of a TOML 1.0 text at once (a text that is no TOML has one), each a config_invalid whose sentence
// begins with the line.
[[nodiscard]] std::expected<Agreement, MistakenAgreement> parse_agreement(std::string_view toml);

// A file that agrees to nothing, with every key, its meaning and what it may be.
[[nodiscard]] std::string agreement_template(std::string_view peer);

}  // namespace tocsin::federation
