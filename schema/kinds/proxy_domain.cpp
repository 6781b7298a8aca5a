#include "schema/kinds/proxy_domain.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/letters.hpp"
#include "schema/stix/rules/formats.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::kinds {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// In the form in which it is looked up: letters, digits and hyphens, two labels or more, the last not a number.
bool is_name(std::string_view text) {
  auto const plain = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; };
  if (text.ends_with('.')) text.remove_suffix(1);
  auto const dot = text.rfind('.');
  if (dot == text.npos || !std::ranges::all_of(text, plain) || !stix::rules::kDomain.accepts(text)) return false;
  auto const last = text.substr(dot + 1);
  return !std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

constexpr stix::rules::Format kName{is_name, "a domain name in ASCII, an internationalised one in its xn-- form",
                                    "^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)+[.]?$"};

Normalised normalise(Json native, std::vector<core::Error>&) {
  auto& value = native["value"].get_ref<std::string&>();
  if (value.ends_with('.')) value.pop_back();
  value = lower_case(std::move(value));
  return std::vector<Json>{std::move(native)};
}

std::string pattern(Json const& native) {
  return pattern_of(
      {comparison("domain-name", {"value"}, Operator::equal, native.at("value").get_ref<std::string const&>())});
}

Json observable(Json const& native) { return {{"type", "domain-name"}, {"value", native.at("value")}}; }

core::Result<void> recognise(Json const&, Json const& observable, Json& native) {
  native["value"] = observable.at("value");
  return {};
}

std::optional<std::int64_t> lifetime(Json const&, Lifetimes const& of) { return of.proxy_domain; }
std::optional<std::int64_t> half_life(std::string_view) { return days(45); }

}  // namespace

constinit Kind const kProxyDomain{.name = "proxy-domain",
                                  .meaning = "A domain name that leads to proxies of attacks.",
                                  .extension = kProxyExtension,
                                  .value = stix::rules::must("value", stix::rules::text(kName), "The name."),
                                  .floor = stix::Tlp::green,
                                  .collection = "network",
                                  .object_type = "anonymization",
                                  .normalise = normalise,
                                  .pattern = pattern,
                                  .observable = observable,
                                  .recognise = recognise,
                                  .lifetime = lifetime,
                                  .half_life = half_life};

}  // namespace tocsin::kinds
