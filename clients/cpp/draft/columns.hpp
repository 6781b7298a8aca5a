// Which column of a table of accounts says what. Values; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

enum class Field : std::uint8_t { account, email, address, ja4, created, payment, provider };
inline constexpr std::size_t kFields = 7;

// What one row says; "" where it says nothing. Valid as long as the row.
using AccountRow = std::array<std::string_view, kFields>;

[[nodiscard]] inline std::size_t at(Field field) { return static_cast<std::size_t>(field); }
[[nodiscard]] std::string_view name_of(Field field);

class ColumnNames {
 public:
  // `maps` are FIELD=COLUMN. A field that is not among them has the names that such columns usually have. Failure:
  // Exit::local, for a field that there is not.
  [[nodiscard]] static Outcome<ColumnNames> parse(std::vector<std::string> const& maps);

  // How well the column of this name says the field, 0 being best; nullopt when it does not. Case does not matter, nor
  // whether words are joined by - or _ or stand apart.
  [[nodiscard]] std::optional<std::size_t> says(std::string_view column, Field field) const;

  using Places = std::array<std::optional<std::size_t>, kFields>;
  // Where the fields are in records below this header; of several the best. Failure: Exit::local, when no column is
  // the account, or one that was named is missing.
  [[nodiscard]] Outcome<Places> places(std::span<std::string const> header) const;

 private:
  std::array<std::vector<std::string>, kFields> names_;
  std::array<bool, kFields> mapped_{};
};

}  // namespace tocsin::client
