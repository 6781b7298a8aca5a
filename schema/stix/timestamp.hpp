// A STIX 2.1 timestamp (section 3.2, RFC 3339 in UTC) as an instant. Two spellings of one instant are equal. Value
// type.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::stix {

class Timestamp {
 public:
  // Accepts YYYY-MM-DDTHH:MM:SS[.f…]Z, years 0000–9999, with up to nine decimals. Second 60 is accepted at the end of a
  // month (leap second) and means the second after. Error timestamp_invalid says which rule is broken.
  [[nodiscard]] static core::Result<Timestamp> parse(std::string_view text);

  [[nodiscard]] static Timestamp from_nanoseconds(std::int64_t since_epoch);   // 1677-09-21 … 2262-04-11
  [[nodiscard]] static Timestamp from_microseconds(std::int64_t since_epoch);  // text forms: years 0000–9999 only

  // Whole seconds since 1970 and the nanoseconds after them (0 … 999,999,999).
  [[nodiscard]] std::int64_t seconds() const { return seconds_; }
  [[nodiscard]] std::int32_t nanoseconds() const { return nanoseconds_; }

  // Floor to microseconds since the epoch; every representable year fits.
  [[nodiscard]] std::int64_t microseconds() const { return seconds_ * 1'000'000 + nanoseconds_ / 1'000; }
  // True when the instant fits into int64 nanoseconds (years 1678–2261), which storage keys need.
  [[nodiscard]] bool has_key() const;
  [[nodiscard]] std::int64_t key() const;  // nanoseconds since the epoch; has_key() must hold

  // YYYY-MM-DDTHH:MM:SS.ffffffZ with exactly six digits (TAXII date_added, design of cursors).
  [[nodiscard]] std::string text_microseconds() const;
  // Three digits, or as many as the instant needs.
  [[nodiscard]] std::string text() const;

  auto operator<=>(Timestamp const&) const = default;

 private:
  Timestamp(std::int64_t seconds, std::int32_t nanoseconds) : seconds_(seconds), nanoseconds_(nanoseconds) {}
  std::int64_t seconds_;
  std::int32_t nanoseconds_;
};

}  // namespace tocsin::stix
