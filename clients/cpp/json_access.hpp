// Members of documents that a server sent, or what stands for one that is absent or of another type. Pure; any thread.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace tocsin::client {

[[nodiscard]] std::string text_or(nlohmann::json const& object, char const* name, std::string otherwise = {});
[[nodiscard]] std::size_t number_or(nlohmann::json const& object, char const* name, std::size_t otherwise);
[[nodiscard]] bool flag_or(nlohmann::json const& object, char const* name, bool otherwise);
[[nodiscard]] nlohmann::json const& list_or_empty(nlohmann::json const& object, char const* name);
[[nodiscard]] nlohmann::json const& object_or_empty(nlohmann::json const& object, char const* name);

}  // namespace tocsin::client
