// How many values a feed has, read from its bytes: so the file alone tells, and nothing has to be kept beside it. Pure;
// any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::client {

// Whose values are counted here.
inline std::vector<std::string> const kFeedFormats{"text",      "csv",     "ndjson",     "nftables", "nginx",
                                                   "nginx-geo", "aws-waf", "cloudflare", "stix",     "misp"};

// nullopt: these bytes are no whole feed in that format. Nothing at all is a feed without values, in formats of lines.
[[nodiscard]] std::optional<std::size_t> entries_of(std::string_view format, std::string_view bytes);

}  // namespace tocsin::client
