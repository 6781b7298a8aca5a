#include "server/match/pattern/operand.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "schema/core/bytes.hpp"

namespace tocsin::match::pattern {
namespace {

using Order = std::partial_ordering;

// Exact, where a conversion to double would round.
Order order_numbers(std::int64_t left, double right) {
  if (right >= 0x1p63) return Order::less;
  if (right < -0x1p63) return Order::greater;
  auto const whole = static_cast<std::int64_t>(right);
  if (left != whole) return left <=> whole;
  return 0.0 <=> right - static_cast<double>(whole);
}

Order order_numbers(double left, std::int64_t right) { return 0 <=> order_numbers(right, left); }
Order order_numbers(std::int64_t left, std::int64_t right) { return left <=> right; }
Order order_numbers(double left, double right) { return left <=> right; }

template <class Constant>
Order order_number(stix::Json const& value, Constant constant) {
  if (value.is_number_float()) return order_numbers(value.get<double>(), constant);
  if (value.is_number_unsigned() &&
      std::cmp_greater(value.get<std::uint64_t>(), std::numeric_limits<std::int64_t>::max()))
    return order_numbers(static_cast<double>(value.get<std::uint64_t>()), constant);
  return order_numbers(value.get<std::int64_t>(), constant);
}

}  // namespace

std::optional<std::string> octets_of_code_points(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size(); ++at) {
    auto const byte = static_cast<unsigned char>(utf8[at]);
    if (byte < 0x80) {
      out += utf8[at];
    } else if ((byte == 0xC2 || byte == 0xC3) && at + 1 < utf8.size()) {
      out += static_cast<char>((byte & 0x03) << 6 | (static_cast<unsigned char>(utf8[++at]) & 0x3F));
    } else {
      return std::nullopt;
    }
  }
  return out;
}

std::optional<std::string> octets_of(std::string_view text, ObjectPath::Form form) {
  if (form == ObjectPath::Form::hex) return core::from_hex(text);
  if (form == ObjectPath::Form::base64) return core::from_base64(text);
  return octets_of_code_points(text);
}

Operand::Operand(stix::pattern::Literal literal) : literal_(std::move(literal)) {
  if (auto const* hex = std::get_if<stix::pattern::Hex>(&literal_)) octets_ = hex->bytes;
  if (auto const* binary = std::get_if<stix::pattern::Binary>(&literal_)) octets_ = binary->bytes;
  if (auto const* text = std::get_if<std::string>(&literal_)) octets_ = octets_of_code_points(*text);
}

Order Operand::order_text(std::string_view value) const {
  if (auto const* text = std::get_if<std::string>(&literal_)) return value <=> std::string_view(*text);
  auto const* wanted = std::get_if<stix::Timestamp>(&literal_);
  if (wanted == nullptr) return Order::unordered;
  auto const time = stix::Timestamp::parse(value);
  return time ? Order(*time <=> *wanted) : Order::unordered;
}

Order Operand::order(stix::Json const& value, ObjectPath::Form form) const {
  if (value.is_string()) {
    auto const& text = value.get_ref<std::string const&>();
    bool const plain = form == ObjectPath::Form::text;
    bool const against_octets = !plain || std::holds_alternative<stix::pattern::Hex>(literal_) ||
                                std::holds_alternative<stix::pattern::Binary>(literal_);
    if (!against_octets) return order_text(text);
    auto const octets = octets_of(text, form);
    return octets && octets_ ? Order(*octets <=> *octets_) : Order::unordered;
  }
  if (value.is_number()) {
    if (auto const* integer = std::get_if<std::int64_t>(&literal_)) return order_number(value, *integer);
    if (auto const* decimal = std::get_if<double>(&literal_)) return order_number(value, *decimal);
  }
  if (value.is_boolean())
    if (auto const* boolean = std::get_if<bool>(&literal_); boolean != nullptr && *boolean == value.get<bool>())
      return Order::equivalent;
  return Order::unordered;
}

}  // namespace tocsin::match::pattern
