// Walks over JSON text, knowing only strings and brackets; whatever it delimits is parsed strictly afterwards. Owned by
// one call; one thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace tocsin::admission {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] bool at_end() {
    skip_space();
    return at_ == text_.size();
  }
  [[nodiscard]] std::size_t position() const { return at_; }

  // The text of the next value; empty when there is none that could be JSON.
  std::string_view value() {
    skip_space();
    std::size_t begin = at_, depth = 0;
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (c == '"') {
        if (!skip_string()) return {};
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        if (depth == 0) break;
        --depth;
        ++at_;
      } else if (depth == 0 && c == ',') {
        break;
      } else {
        ++at_;
      }
      if (depth == 0 && at_ > begin && (c == '"' || c == '}' || c == ']')) break;
    }
    std::string_view found = text_.substr(begin, at_ - begin);
    while (!found.empty() && std::string_view(" \t\r\n").find(found.back()) != std::string_view::npos)
      found.remove_suffix(1);
    return depth == 0 ? found : std::string_view{};
  }

 private:
  bool skip_string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace tocsin::admission
