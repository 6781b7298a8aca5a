#include "server/feeds/formats/formats.hpp"

#include <algorithm>
#include <array>

#include "server/feeds/formats/documents.hpp"

namespace tocsin::feeds {
namespace {

constexpr std::string_view kText = "text/plain; charset=utf-8", kJson = "application/json";

constexpr std::array kFormats{Format{"text", kText, true, true, as_text},
                              Format{"csv", "text/csv; charset=utf-8", true, true, as_csv},
                              Format{"ndjson", "application/x-ndjson", true, true, as_ndjson},
                              Format{"nftables", kText, false, true, as_nftables},
                              Format{"nginx", kText, false, true, as_nginx},
                              Format{"nginx-geo", kText, false, true, as_nginx_geo},
                              Format{"aws-waf", kJson, false, false, as_aws_waf},
                              Format{"cloudflare", kJson, false, false, as_cloudflare},
                              Format{"stix", "application/stix+json;version=2.1", true},
                              Format{"misp", kJson, true, false, nullptr, as_misp_event},
                              Format{"misp-manifest", kJson, true, false, nullptr, as_misp_manifest},
                              Format{"misp-hashes", "text/csv; charset=utf-8", true, true, nullptr, as_misp_hashes}};

}  // namespace

std::span<Format const> formats() { return kFormats; }

Format const* find_format(std::string_view name) {
  auto const* found = std::ranges::find(kFormats, name, &Format::name);
  return found == kFormats.end() ? nullptr : found;
}

}  // namespace tocsin::feeds
