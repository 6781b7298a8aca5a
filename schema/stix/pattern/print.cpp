#include "schema/stix/pattern/print.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/stix/pattern/token.hpp"

namespace tocsin::stix::pattern {
namespace {

template <class... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};

class Printer {
 public:
  [[nodiscard]] std::string take() && { return std::move(out_); }

  void observation(Observation const& observation) {
    auto const* test = std::get_if<Test>(&observation.node);
    auto const& qualifiers = observation.qualifiers;
    // A bare observation takes a qualifier of each type once, and a combination none at all.
    bool const parens = test != nullptr ? has_two_of_a_type(qualifiers) : !qualifiers.empty();
    if (parens) out_ += '(';
    if (test != nullptr) {
      out_ += '[';
      comparison_expression(*test);
      out_ += ']';
    } else {
      combination(std::get<Combination>(observation.node));
    }
    if (parens) out_ += ')';
    for (auto const& each : qualifiers) qualifier(each);
  }

 private:
  static bool has_two_of_a_type(std::vector<Qualifier> const& qualifiers) {
    std::array<int, std::variant_size_v<Qualifier>> seen{};
    return std::ranges::any_of(qualifiers, [&](Qualifier const& each) { return ++seen[each.index()] == 2; });
  }

  void combination(Combination const& combination) {
    static constexpr std::array<std::string_view, 3> kWords{" FOLLOWEDBY ", " OR ", " AND "};
    std::string_view separator;
    for (auto const& operand : combination.operands) {
      out_ += separator;
      separator = kWords[static_cast<std::size_t>(combination.kind)];
      auto const* inner = std::get_if<Combination>(&operand.node);
      bool const parens = inner != nullptr && operand.qualifiers.empty() && inner->kind <= combination.kind;
      if (parens) out_ += '(';
      observation(operand);
      if (parens) out_ += ')';
    }
  }

  void qualifier(Qualifier const& qualifier) {
    std::visit(Overload{[&](Within const& within) {
                          out_ += " WITHIN ";
                          fixed(within.seconds);
                          out_ += " SECONDS";
                        },
                        [&](Repeats const& repeats) { out_ += " REPEATS " + std::to_string(repeats.times) + " TIMES"; },
                        [&](StartStop const& range) {
                          out_ += " START ";
                          literal(range.start);
                          out_ += " STOP ";
                          literal(range.stop);
                        }},
               qualifier);
  }

  void comparison_expression(Test const& test) {
    auto const* junction = std::get_if<Junction>(&test.node);
    if (junction == nullptr) return comparison(std::get<Comparison>(test.node));
    std::string_view separator;
    for (auto const& operand : junction->operands) {
      out_ += separator;
      separator = junction->kind == Junction::Kind::all ? " AND " : " OR ";
      auto const* inner = std::get_if<Junction>(&operand.node);
      bool const parens = inner != nullptr && inner->kind <= junction->kind;
      if (parens) out_ += '(';
      comparison_expression(operand);
      if (parens) out_ += ')';
    }
  }

  void comparison(Comparison const& comparison) {
    static constexpr std::array<std::string_view, 11> kOperators{
        " = ", " != ", " < ", " <= ", " > ", " >= ", " IN ", " LIKE ", " MATCHES ", " ISSUBSET ", " ISSUPERSET "};
    if (comparison.op == Operator::exists) {
      out_ += comparison.negated ? "NOT EXISTS " : "EXISTS ";
      return path(comparison.path);
    }
    path(comparison.path);
    if (comparison.negated) out_ += " NOT";
    out_ += kOperators[static_cast<std::size_t>(comparison.op)];
    bool const set = comparison.op == Operator::in;
    if (set) out_ += '(';
    std::string_view separator;
    for (auto const& value : comparison.values) {
      out_ += separator;
      separator = ", ";
      std::visit([&](auto const& each) { literal(each); }, value);
    }
    if (set) out_ += ')';
  }

  void path(Path const& path) {
    out_ += path.type;
    char separator = ':';
    for (auto const& step : path.steps) {
      std::visit(Overload{[&](std::string const& key) {
                            out_ += separator;
                            if (is_plain_name(key)) {
                              out_ += key;
                            } else {
                              literal(key);
                            }
                          },
                          [&](std::int64_t index) { out_ += '[' + std::to_string(index) + ']'; },
                          [&](EveryElement) { out_ += "[*]"; }},
                 step);
      separator = '.';
    }
  }

  void literal(std::int64_t value) { out_ += std::to_string(value); }
  void literal(bool value) { out_ += value ? "true" : "false"; }
  void literal(Hex const& value) { out_ += "h'" + core::to_hex(value.bytes) + '\''; }
  void literal(Binary const& value) { out_ += "b'" + core::to_base64(value.bytes) + '\''; }
  void literal(Timestamp const& value) { out_ += "t'" + value.text() + '\''; }

  void literal(double value) {
    std::size_t const start = out_.size();
    fixed(value);
    if (!std::string_view(out_).substr(start).contains('.')) out_ += ".0";  // without it the text is an integer
  }

  void literal(std::string const& value) {
    out_ += '\'';
    for (char const c : value) {
      if (c == '\'' || c == '\\') out_ += '\\';
      out_ += c;
    }
    out_ += '\'';
  }

  // Digits that read back as `value`, as few as that takes after the point, without an exponent: the grammar has none.
  void fixed(double value) {
    std::array<char, 400> digits;  // the longest is a subnormal: "-0." and 324 places, or 309 digits before the point
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed).ptr;
    out_.append(digits.data(), end);
  }

  std::string out_;
};

}  // namespace

std::string print(Pattern const& pattern) {
  Printer printer;
  printer.observation(pattern.root);
  return std::move(printer).take();
}

}  // namespace tocsin::stix::pattern
