// What a request with items says beside its body. Pure; any thread.
#pragma once

#include <string_view>

#include "server/admission/items.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct ItemsAsked {
  admission::Form form = admission::Form::json;
  bool dry = false;
  bool whole = false;  // all items or none
  kinds::Cells defaults{};
  admission::Layout layout{};  // of a table
};

// `kind`: of all items, "" where they say it. Errors: unsupported_media_type, bad_parameter.
[[nodiscard]] core::Result<ItemsAsked> items_asked(http::Request const& request, std::string_view kind);

}  // namespace tocsin::endpoints
