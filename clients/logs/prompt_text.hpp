// What was asked of a model, as one text, from the forms in which logs hold it. Pure; any thread.
#pragma once

#include <string>

#include "schema/stix/json.hpp"

namespace tocsin::logs {

// A text, or the messages of a conversation: {"role", "content"} with a text or with parts {"type":"text", "text"}.
// What the model said (role `assistant`) is not taken: only what was asked.
[[nodiscard]] std::string prompt_of(stix::Json const& value);

// A text that may be the JSON body of a request (`prompt`, `messages`, `input`): then what that asks, and the `model`
// it names where the log names none.
[[nodiscard]] std::string prompt_of_text(std::string const& text, std::string& model);

}  // namespace tocsin::logs
