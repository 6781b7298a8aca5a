#include "server/feeds/asked.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <ranges>

#include "schema/stix/rules/own_vocabularies.hpp"

namespace tocsin::feeds {
namespace {

constexpr std::array<std::string_view, 15> kReasons{
    "pattern",       "level",       "muted",      "own-range",     "too-wide", "action", "age",        "confidence",
    "corroboration", "proxy-class", "collateral", "shared-egress", "cgnat",    "mobile", "residential"};

constexpr std::size_t kLongestAge = 36'500;  // days
constexpr std::int64_t kDayUs = 86'400'000'000;
static_assert(kReasons.size() == static_cast<std::size_t>(Reason::residential) + 1);

std::unexpected<core::Error> refuse(std::string_view name, std::string_view why, std::string remedy) {
  return core::fail(core::Code::bad_parameter, "The parameter " + std::string(name) + " " + std::string(why) + ".", "",
                    std::move(remedy));
}

std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

// Between commas; none at all is one that is empty.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (auto const& word : std::views::split(text, ',')) out.emplace_back(word);
  if (out.empty()) out.emplace_back();
  return out;
}

core::Result<void> take_included(std::string_view text, Asked& out) {
  while (!text.empty()) {
    auto const word = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    auto const* found = std::ranges::find(kReasons, word);
    if (found == kReasons.end() || found < std::ranges::find(kReasons, name(Reason::collateral)))
      return refuse("include", "has a word that is no exception",
                    "Send some of collateral, shared-egress, cgnat, mobile and residential, with commas between them.");
    out.included.insert(static_cast<Reason>(found - kReasons.begin()));
  }
  return {};
}

core::Result<void> take_collections(std::string_view text, Asked& out) {
  for (auto const word : words_of(text)) {
    if (word.empty())
      return refuse("collection", "has an empty name", "Send ids or aliases of collections, with commas between them.");
    out.collections.emplace_back(word);
  }
  return {};
}

core::Result<void> take_classes(std::string_view text, Asked& out) {
  auto const& known = stix::rules::kProxyClass.values;
  for (auto const word : words_of(text)) {
    if (std::ranges::find(known, word) == known.end())
      return refuse("proxy_class", "has a word that is no class of a proxy",
                    "Send some of residential, mobile, isp-static, datacenter, vpn, tor, relay, cgnat and unknown, "
                    "with commas between them.");
    out.classes.emplace(word);
  }
  return {};
}

core::Result<void> take_format(Feed const& feed, std::string_view text, Asked& out) {
  out.format = find_format(text);
  if (out.format == nullptr)
    return refuse(
        "format", "names none that there is",
        "Send text, csv, ndjson, nftables, nginx, nginx-geo, aws-waf, cloudflare, stix, misp, misp-manifest or "
        "misp-hashes.");
  if (feed.family == Family::asn && !out.format->of_numbers)
    return refuse("format", "has no place for autonomous systems", "Send text, csv or ndjson.");
  return {};
}

core::Result<void> take(Feed const& feed, std::string const& name, std::string const& text, Asked& out) {
  auto const number = number_of(text);
  if (name == "format") return take_format(feed, text, out);
  if (name == "include") return take_included(text, out);
  if (name == "collection") return take_collections(text, out);
  if (name == "proxy_class") return take_classes(text, out);
  if (name == "max_tlp") {
    auto const level = stix::parse_tlp(text);
    if (!level || *level == stix::Tlp::red)
      return refuse(name, "is no level that a feed has", "Send clear, green, amber or amber+strict.");
    out.max_level = *level;
    return {};
  }
  if (name == "min_confidence") {
    if (!number || *number > 100) return refuse(name, "is not a number from 0 to 100", "Send percent.");
    out.min_confidence = static_cast<int>(*number);
    return {};
  }
  if (!number || *number == 0) return refuse(name, "is not a number from 1 on", "Send digits.");
  if (name == "max_age") {
    if (*number > kLongestAge) return refuse(name, "is longer than a hundred years", "Send days.");
    out.max_age_us = static_cast<std::int64_t>(*number) * kDayUs;
  }
  if (name == "max_entries") out.max_entries = *number;
  if (name == "min_corroboration") out.min_corroboration = *number;
  return {};
}

}  // namespace

std::string_view name(Reason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

core::Result<Asked> parse_asked(Feed const& feed, std::span<std::pair<std::string, std::string> const> parameters) {
  static constexpr std::array kKnown{"collection", "format",         "include",           "max_age",    "max_entries",
                                     "max_tlp",    "min_confidence", "min_corroboration", "proxy_class"};
  Asked out;
  out.format = find_format("text");
  std::map<std::string, std::string> once;
  for (auto const& [name, value] : parameters) {
    if (std::ranges::find(kKnown, name) == kKnown.end())
      return core::fail(core::Code::bad_parameter, "A parameter is none that a feed has.", "",
                        "There are collection, format, include, max_age, max_entries, max_tlp, min_confidence, "
                        "min_corroboration and proxy_class.");
    if (!once.emplace(name, value).second) return refuse(name, "occurs twice", "Send it once.");
    if (auto taken = take(feed, name, value, out); !taken) return std::unexpected(taken.error());
  }
  out.text = "feed=" + std::string(feed.name) + "\n";
  for (auto const& [name, value] : once) out.text += name + "=" + value + "\n";
  once.erase("max_entries");
  once.insert_or_assign("format", std::string(out.format->name));
  out.decisive = "feed=" + std::string(feed.name) + "\n";
  for (auto const& [name, value] : once) out.decisive += name + "=" + value + "\n";
  return out;
}

}  // namespace tocsin::feeds
