// By which of its values an indicator is looked up, and by which fingerprints a template: the same for a server, which
// is told of what is published, and for a client, which pulled it. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "schema/stix/json.hpp"
#include "server/match/indicator.hpp"

namespace tocsin::match {

// Bytes of an indicator that is held against traffic: anybody may have written it, and each item that it may be hit by
// is held against all of it. A larger one is looked up by nothing.
inline constexpr std::int64_t kMostIndicatorBytes = 64 << 10;

inline constexpr std::string_view kPromptTemplates = "prompt-template";

// Whether indicators of a kind are looked up by the values in their patterns, one by one: templates are not.
[[nodiscard]] bool is_by_value(std::string_view kind);

// The STIX pattern of an indicator; "" when it has none.
[[nodiscard]] std::string_view pattern_text(stix::Json const& indicator);

// Adds all that an indicator of this kind is looked up by, and whether that is only a part of what its pattern holds
// of. The fingerprints of a template are in another object.
void add_values(Entry& entry, std::string_view kind, std::string_view pattern);

// The fingerprints of an object of type prompt-template: those that it gives, when matching knows their algorithm, else
// those of its text. Ascending, each once; empty: it has neither.
[[nodiscard]] std::vector<kinds::Print> prints_of_template(stix::Json const& object);

}  // namespace tocsin::match
