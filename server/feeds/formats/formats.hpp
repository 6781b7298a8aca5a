// Feeds as programs read them. Each format is a pure function of sorted entries: the same entries are the same bytes.
// What is a list of networks alone is aggregated without loss; what says something of each indicator is not. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "server/feeds/entry.hpp"

namespace tocsin::feeds {

struct Rendered {
  std::string body;
  std::size_t count = 0;  // lines, rows or elements that hold a value
};

// Who publishes feeds.
struct Publisher {
  std::string name, identity;  // of the organisation that runs the instance; identity--UUID
};

// Made of its entries; or of these and of who publishes them; or of the objects themselves, when it has neither
// function.
struct Format {
  std::string_view name, media_type;
  bool of_numbers = false;  // has autonomous systems, too
  bool of_lines = false;    // a list that changes line by line; otherwise it is one document
  Rendered (*render)(std::string_view feed, Family family, std::span<Entry const> entries) = nullptr;
  Rendered (*publish)(Publisher const& publisher, std::string_view feed, Family family,
                      std::span<Entry const> entries) = nullptr;

  [[nodiscard]] bool is_of_objects() const { return render == nullptr && publish == nullptr; }
};

[[nodiscard]] std::span<Format const> formats();
[[nodiscard]] Format const* find_format(std::string_view name);

// One value a line.
[[nodiscard]] Rendered as_text(std::string_view feed, Family family, std::span<Entry const> entries);
// An indicator a row (RFC 4180). No cell has text that a submitter chose, so none begins a formula.
[[nodiscard]] Rendered as_csv(std::string_view feed, Family family, std::span<Entry const> entries);
// An indicator a line.
[[nodiscard]] Rendered as_ndjson(std::string_view feed, Family family, std::span<Entry const> entries);
// One transaction of `nft -f`: the set of the feed in the table inet tocsin holds these networks and no others.
[[nodiscard]] Rendered as_nftables(std::string_view feed, Family family, std::span<Entry const> entries);
// `deny` of ngx_http_access_module.
[[nodiscard]] Rendered as_nginx(std::string_view feed, Family family, std::span<Entry const> entries);
// The lines of a `geo` block: each address has the strongest action that is suggested of it.
[[nodiscard]] Rendered as_nginx_geo(std::string_view feed, Family family, std::span<Entry const> entries);
// Of `aws wafv2 create-ip-set` and `update-ip-set`.
[[nodiscard]] Rendered as_aws_waf(std::string_view feed, Family family, std::span<Entry const> entries);
// Items of a list of Cloudflare.
[[nodiscard]] Rendered as_cloudflare(std::string_view feed, Family family, std::span<Entry const> entries);

}  // namespace tocsin::feeds
