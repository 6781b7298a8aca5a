// Texts of one field a line, "label value", in a fixed order: taking them apart. Owned by a parser; one thread.
#pragma once

#include <optional>
#include <string_view>

namespace tocsin::log {

class LabelledLines {
 public:
  explicit LabelledLines(std::string_view text) : left_(text) {}

  // The next line, if it is exactly this.
  [[nodiscard]] bool take_title(std::string_view title) {
    auto const line = next();
    return line && *line == title && advance();
  }
  // The value of the next line, if it has this label; else nothing is taken.
  [[nodiscard]] std::optional<std::string_view> take(std::string_view label) {
    auto const line = next();
    if (!line || !line->starts_with(label) || line->size() <= label.size() || (*line)[label.size()] != ' ')
      return std::nullopt;
    advance();
    return line->substr(label.size() + 1);
  }

 private:
  [[nodiscard]] std::optional<std::string_view> next() const {
    auto const end = left_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    return left_.substr(0, end);
  }
  bool advance() {
    left_.remove_prefix(left_.find('\n') + 1);
    return true;
  }

  std::string_view left_;
};

}  // namespace tocsin::log
