#include "schema/log/numbering.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kLabel = "fed/class/v1\n";

std::uint64_t number(stix::Json const& document, char const* name) {
  auto const member = document.find(name);
  bool const good = member != document.end() && member->is_number_integer() && member->get<std::int64_t>() > 0;
  return good ? member->get<std::uint64_t>() : 0;
}

}  // namespace

core::Digest roll(core::Digest const& before, core::Digest const& leaf) {
  thread_local core::Sha256 hash;
  return hash.update(kLabel).update(core::view(before)).update(core::view(leaf)).finish();
}

std::string Head::text() const {
  return R"({"count":)" + std::to_string(count) + R"(,"last":)" + std::to_string(last) + R"(,"rolling":")" +
         core::to_hex(core::view(rolling)) + R"(","v":1})";
}

core::Result<Head> Head::parse(std::string_view text) {
  auto const document = stix::parse_json(text, {.depth = 1});
  if (!document) return std::unexpected(document.error());
  if (!document->is_object())
    return core::fail(core::Code::not_an_object, "The head of a numbering is no JSON object.");
  auto const rolling = document->find("rolling");
  auto const bytes = rolling != document->end() && rolling->is_string()
                         ? core::to_array<32>(core::from_hex(rolling->get<std::string>()).value_or(""))
                         : std::nullopt;
  if (bytes) {
    Head const head{number(*document, "count"), number(*document, "last"), *bytes};
    // The comparison refuses whatever is not canonical, and numbers that are none.
    if (head.count > 0 && head.text() == text) return head;
  }
  return core::fail(core::Code::property_value, "The head of a numbering is not the canonical form of one.");
}

std::string_view name(Flaw flaw) {
  constexpr std::array<std::string_view, 5> kNames{"gap", "duplicate", "hash", "count", "unshown"};
  return kNames[static_cast<std::size_t>(flaw)];
}

std::optional<FollowedNumbering::Found> FollowedNumbering::add(std::uint64_t index, std::uint64_t number,
                                                               core::Digest const& leaf) {
  if (number <= count) return Found{Flaw::duplicate, index, index, 0};
  auto const missing = number - count - 1;
  auto const found = missing > 0 ? std::optional(Found{Flaw::gap, next(), index, missing}) : std::nullopt;
  if (missing > 0) rolling.reset();
  if (rolling) rolling = roll(*rolling, leaf);
  count = number;
  last = index;
  return found;
}

std::optional<FollowedNumbering::Found> FollowedNumbering::compare(std::uint64_t index, Head const& said) {
  std::optional<Found> found;
  if (said.count > count)
    found = Found{Flaw::gap, next(), index, said.count - count};
  else if (said.count < count || said.last != last)
    found = Found{Flaw::count, index, index, 0};
  else if (rolling && *rolling != said.rolling)
    found = Found{Flaw::hash, index, index, 0};
  *this = {said.count, said.last, said.rolling, index, said.count};
  return found;
}

}  // namespace tocsin::log
