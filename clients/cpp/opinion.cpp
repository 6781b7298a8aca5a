#include "clients/cpp/opinion.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "clients/cpp/json_access.hpp"
#include "schema/core/bytes.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::client {
namespace {

std::set<std::string> markings_of(std::vector<nlohmann::json> const& objects) {
  std::set<std::string> out;
  for (auto const& object : objects) {
    for (auto const& marking : list_or_empty(object, "object_marking_refs"))
      if (marking.is_string()) out.insert(marking.get<std::string>());
    for (auto const& granular : list_or_empty(object, "granular_markings"))
      if (auto marking = text_or(granular, "marking_ref"); !marking.empty()) out.insert(marking);
  }
  return out;
}

std::optional<stix::Tlp> level_of(std::string const& marking) {
  auto const id = stix::Identifier::parse(marking);
  return id ? stix::tlp_of(*id) : std::nullopt;
}

// Puts a stricter level in place of those that there are.
Outcome<void> raise(std::set<std::string>& markings, stix::Tlp level) {
  std::optional<stix::Tlp> strictest;
  for (auto const& marking : markings)
    if (auto const here = level_of(marking)) strictest = std::max(strictest.value_or(*here), *here);
  if (!strictest)
    return fail(Exit::local, "The object has no TLP marking: its collection says who sees it.",
                "Leave --tlp out; who sees the object will see the opinion.");
  if (level < *strictest)
    return fail(Exit::local,
                "The object is TLP:" + std::string(stix::name(*strictest)) +
                    ", and the opinion would be shown to more readers.",
                "Leave --tlp out, or give a stricter level.");
  std::erase_if(markings, [](std::string const& marking) { return level_of(marking).has_value(); });
  markings.emplace(stix::tlp2_id(level));
  return {};
}

}  // namespace

Outcome<std::string> opinion_about(std::vector<nlohmann::json> const& objects, Dispute const& dispute) {
  if (std::ranges::all_of(dispute.because, [](char c) { return c == ' ' || c == '\t' || c == '\n'; }) ||
      !core::is_utf8(dispute.because))
    return fail(Exit::local, "--because holds no text, or no UTF-8.", "Say what is wrong with the object.");
  auto markings = markings_of(objects);
  if (dispute.level)
    if (auto raised = raise(markings, *dispute.level); !raised) return std::unexpected(std::move(raised.error()));
  auto const now = stix::Timestamp::from_microseconds(dispute.now_us / 1'000 * 1'000).text();
  nlohmann::json opinion{{"type", "opinion"},
                         {"spec_version", "2.1"},
                         {"id", dispute.id},
                         {"created", now},
                         {"modified", now},
                         {"created_by_ref", dispute.creator},
                         {"opinion", "strongly-disagree"},
                         {"explanation", dispute.because},
                         {"object_refs", {text_or(objects.front(), "id")}}};
  if (!markings.empty()) opinion["object_marking_refs"] = markings;
  return stix::canonical_json(opinion);
}

}  // namespace tocsin::client
