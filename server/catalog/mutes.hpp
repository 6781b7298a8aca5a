// What one organisation muted: its own readers are told so, and what it enforces leaves it out. Immutable; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "server/store/mute_store.hpp"

namespace tocsin::catalog {

// What can be muted: an indicator by its id, or a value of a kind, whoever says it. `subject` is as store::Mute has it.
// Errors: bad_parameter for what is no id of an indicator, is no value of the kind, or is several.
[[nodiscard]] core::Result<std::string> mute_subject(std::string_view indicator);
[[nodiscard]] core::Result<std::string> mute_subject(std::string_view kind, std::string_view value);

class Mutes {
 public:
  Mutes() = default;
  explicit Mutes(std::vector<store::Mute> all);

  // In the order in which they were added, also those that have ended.
  [[nodiscard]] std::vector<store::Mute> const& all() const { return all_; }

  // Why an indicator is muted at a time: it is itself, or all of its values are. nullptr: it is not.
  [[nodiscard]] store::Mute const* find(nlohmann::json const& indicator, std::int64_t now_us) const;
  // The same of an object's text; of an address, a network or an autonomous system that its value is.
  [[nodiscard]] store::Mute const* find(std::string_view type, std::string_view text, std::int64_t now_us) const;

 private:
  [[nodiscard]] store::Mute const* standing(std::string const& subject, std::int64_t now_us) const;

  std::vector<store::Mute> all_;
  std::map<std::string, std::size_t, std::less<>> by_subject_;  // places in all_
};

}  // namespace tocsin::catalog
