// Request targets. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::client {

// Percent-encodes all but the unreserved characters of RFC 3986, so a value can be a path segment or a query value.
[[nodiscard]] std::string encoded(std::string_view text);

// A target with a query that grows: Target("/a/").with("limit", "3").text() is "/a/?limit=3".
class Target {
 public:
  explicit Target(std::string path) : text_(std::move(path)) {}
  Target& with(std::string_view name, std::string_view value);
  [[nodiscard]] std::string const& text() const { return text_; }

 private:
  std::string text_;
  bool has_query_ = false;
};

}  // namespace tocsin::client
