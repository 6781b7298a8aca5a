#include "server/endpoints/guarding.hpp"

#include <algorithm>
#include <set>

#include "server/access/networks.hpp"
#include "server/endpoints/reasons.hpp"

namespace tocsin::endpoints {
namespace {

constexpr ReasonFor kOverriding{"override", "", "Say in a sentence why the indicator is right all the same.",
                                "The audit trail keeps the reason: take it out."};

// An address, a network or an AS number, as a list of addresses has them: the value itself, most likely.
bool names_an_address(std::string_view text) {
  constexpr std::string_view kBetween = " ,;()[]<>\"'`!?=";
  auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = 0; (at = text.find_first_not_of(kBetween, at)) != text.npos;) {
    auto word = text.substr(at, text.find_first_of(kBetween, at) - at);
    at += word.size();
    if (access::Network::around(word)) return true;
    while (word.ends_with('.') || word.ends_with(':')) word.remove_suffix(1);
    if (access::Network::around(word)) return true;
    bool const is_as = word.starts_with("AS") || word.starts_with("as");
    if (is_as && word.size() > 2 && std::ranges::all_of(word.substr(2), is_digit)) return true;
  }
  return false;
}

core::Result<std::string> reason_of(http::Request const& request) {
  auto const given = request.query.find("override");
  if (!given) return std::string();
  if (request.query.count("override") > 1)
    return core::fail(core::Code::bad_parameter, "The parameter `override` is there twice.", "", "Send it once.");
  if (auto good = check_reason(*given, kOverriding); !good) return std::unexpected(good.error());
  if (names_an_address(*given))
    return core::fail(core::Code::bad_parameter, "`override` names an address, a network or an AS number.", "",
                      "The audit trail keeps the reason and never a value: take it out.");
  if (!request.principal->roles.has(base::Role::analyst))
    return core::fail(core::Code::forbidden, "Warnings are overridden by analysts only.", "",
                      "Leave `override` out, or have an analyst submit it.");
  return std::string(*given);
}

}  // namespace

core::Result<Guarding> guarding(Context& context, http::Request const& request) {
  auto reason = reason_of(request);
  if (!reason) return std::unexpected(reason.error());
  auto const& settings = context.settings;
  return Guarding{{{settings.widest_v4, settings.widest_v6, settings.demo},
                   context.allow_lists.current(),
                   context.ranges.of_others(request.principal->organisation)},
                  *std::move(reason)};
}

std::optional<store::SubmissionRecord::Overriding> overriding(Guarding const& guarding, Overridden const& overridden) {
  std::set<std::string_view> codes;
  std::size_t count = 0;
  for (auto const& one : overridden) {
    count += one.empty() ? 0 : 1;
    for (auto const code : one) codes.insert(core::row(code).code);
  }
  if (count == 0) return std::nullopt;
  return store::SubmissionRecord::Overriding{guarding.reason, {codes.begin(), codes.end()}, count};
}

}  // namespace tocsin::endpoints
