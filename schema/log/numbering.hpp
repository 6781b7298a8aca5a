// Numberings of the data log: entries of one class and collection have numbers without a gap, and now and then a head
// says how far they have come. Who is shown all of them can tell that none is kept from him. Values of their users; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"

namespace tocsin::log {

// The hash over the leaves of a numbering, a leaf longer; zeros before the first one.
// SHA-256("fed/class/v1\n" || before || leaf)
[[nodiscard]] core::Digest roll(core::Digest const& before, core::Digest const& leaf);

// What a numbering has come to: the body of the entry that is its head.
struct Head {
  std::uint64_t count = 0;  // its entries, numbered from 1; at least one
  std::uint64_t last = 0;   // leaf index of the last one
  core::Digest rolling{};

  // Canonical JSON: {"count":n,"last":i,"rolling":"<64 hex digits>","v":1}
  [[nodiscard]] std::string text() const;
  // Exactly what text() writes. Error: not_an_object, property_value; those of stix::parse_json.
  [[nodiscard]] static core::Result<Head> parse(std::string_view text);

  friend bool operator==(Head const&, Head const&) = default;
};

// What does not fit. Each is the origin's doing, for the log's key signed all of it.
enum class Flaw : std::uint8_t {
  gap,        // numbers are missing: erased, which the control log says, or kept from us
  duplicate,  // a number was given twice, or after a higher one
  hash,       // the hash over the leaves is not the one in the head
  count,      // the head names fewer entries than there were, or another last one
  unshown,    // a head that was opened to another reader of the numbering, and not to us
};
[[nodiscard]] std::string_view name(Flaw flaw);

// A numbering as a reader follows it: entry after entry, head after head, in the order of the log.
struct FollowedNumbering {
  std::uint64_t count = 0;                               // the highest number that was seen
  std::uint64_t last = 0;                                // its leaf index
  std::optional<core::Digest> rolling = core::Digest{};  // none: not known since a number was missing
  std::optional<std::uint64_t> head{};                   // leaf index of the newest head
  std::uint64_t headed = 0;                              // the count that it names

  struct Found {
    Flaw flaw = Flaw::gap;
    std::uint64_t from = 0, to = 0;  // what is missing has leaf indices [from, to); at `to` it shows
    std::uint64_t missing = 0;       // numbers, of a gap
    friend bool operator==(Found const&, Found const&) = default;
  };
  // An entry with that number; indices ascend.
  std::optional<Found> add(std::uint64_t index, std::uint64_t number, core::Digest const& leaf);
  // Whatever it says is what goes on from there, so that one flaw is found once.
  std::optional<Found> compare(std::uint64_t index, Head const& said);

  [[nodiscard]] std::uint64_t next() const { return count == 0 ? 0 : last + 1; }  // the least index that may follow
};

}  // namespace tocsin::log
