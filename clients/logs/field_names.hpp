// Which member of a JSON log line, or column of a CSV log, says what. A value type; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::logs {

enum class Format : std::uint8_t { nginx_json, envoy, alb, gateway, csv };
inline constexpr std::array kFormats{Format::nginx_json, Format::envoy, Format::alb, Format::gateway, Format::csv};
[[nodiscard]] std::string_view name(Format format);

enum class Field : std::uint8_t {
  time,
  account,
  address,
  model,
  prompt,
  tokens_in,
  tokens_out,
  ja3,
  ja4,
  ja4h,
  user_agent,
  email,
  domain
};
inline constexpr std::size_t kFields = 13;
[[nodiscard]] std::string_view name(Field field);

class FieldNames {
 public:
  // Those that a format of JSON lines or rows has by itself.
  explicit FieldNames(Format format);

  // FIELD=NAME: this member alone says it. The name of a member within others is written with dots. Error
  // bad_parameter.
  [[nodiscard]] core::Result<void> map(std::string_view text);

  // In the order in which they are looked for.
  [[nodiscard]] std::vector<std::string> const& of(Field field) const {
    return names_[static_cast<std::size_t>(field)];
  }

 private:
  std::array<std::vector<std::string>, kFields> names_;
};

}  // namespace tocsin::logs
