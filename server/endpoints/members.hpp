// Takes the members of a JSON request body one by one; what is left over, or of the wrong type, is an error. Used by
// one handler.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::endpoints {

class Members {
 public:
  // Errors: those of parse_json, and bad_parameter unless the text is an object.
  [[nodiscard]] static core::Result<Members> parse(std::string_view text);
  Members(Members&&) noexcept;
  ~Members();

  [[nodiscard]] std::string text(std::string const& name);  // "" when absent
  [[nodiscard]] std::optional<std::string> optional_text(std::string const& name);
  [[nodiscard]] std::vector<std::string> list(std::string const& name);  // empty when absent
  // The first mistake: a wrong type, or a member that nobody asked for.
  [[nodiscard]] core::Result<void> finish();

 private:
  Members();
  std::unique_ptr<nlohmann::json> document_;
  std::set<std::string> taken_;
  std::optional<core::Error> mistake_;
};

}  // namespace tocsin::endpoints
