#include "server/admission/release.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/kinds.hpp"
#include "schema/stix/identifier.hpp"
#include "server/access/widening.hpp"
#include "server/admission/authoring.hpp"

namespace tocsin::admission {
namespace {

using access::ClassFacts;
using core::Code;
using stix::Identifier;
using stix::Json;
using stix::Tlp;
using Kind = access::Meaning::Kind;

constexpr std::string_view kLevel = "tlp:";

core::Error no_target() {
  return {Code::bad_parameter,
          "`to` is neither tlp:LEVEL, nor an audience to which your organisation belongs, nor an authority.", "/to",
          "`tocsin whoami` lists your audiences; a level is written as tlp:green."};
}

core::Error not_wider(std::string detail) {
  return {Code::release_not_wider, std::move(detail), "/to", "Name whom it shall be shown to besides."};
}

Identifier marking_of(store::Audience const& audience) {
  return Identifier::make("marking-definition", audience.marking);
}

bool names_authority(store::Audience const& audience, std::string_view code) {
  return std::ranges::find(audience.releasable_to, code) != audience.releasable_to.end();
}

store::Audience const* of_authority(access::Directory const& directory, std::string_view code) {
  store::Audience const* best = nullptr;
  for (auto const& audience : directory.tables().audiences)
    if (names_authority(audience, code) &&
        (best == nullptr || audience.releasable_to.size() < best->releasable_to.size()))
      best = &audience;
  return best;
}

store::Audience const* by_marking(access::Directory const& directory, std::string_view text) {
  auto const id = Identifier::parse(text);
  if (!id || id->type() != "marking-definition") return nullptr;
  auto const& all = directory.tables().audiences;
  auto const found = std::ranges::find(all, id->uuid(), &store::Audience::marking);
  return found == all.end() ? nullptr : &*found;
}

// What the target takes the place of.
bool gives_way(Identifier const& marking, ReleaseTarget const& target, access::Directory const& directory,
               store::RowId organisation) {
  auto const* level = std::get_if<Tlp>(&target);
  if (stix::tlp_of(marking)) return level != nullptr;
  auto const kind = directory.meaning(marking, organisation).kind;
  bool const names_members = kind == Kind::audience || kind == Kind::left;
  if (level != nullptr)
    return (names_members && *level < Tlp::amber_strict) || (kind == Kind::releasable && *level < Tlp::amber);
  bool const to_authorities = directory.meaning(std::get<Identifier>(target), organisation).kind == Kind::releasable;
  return to_authorities ? kind == Kind::releasable : names_members;
}

Json markings_after(Json const& stored, ReleaseTarget const& target, access::Directory const& directory,
                    store::RowId organisation) {
  Json out = Json::array();
  for (auto const& one : stored.value("object_marking_refs", Json::array()))
    if (!gives_way(*Identifier::parse(one.get_ref<std::string const&>()), target, directory, organisation))
      out.push_back(one);
  if (auto const* level = std::get_if<Tlp>(&target))
    out.push_back(stix::tlp2_id(*level));
  else
    out.push_back(std::get<Identifier>(target).text());
  return out;
}

}  // namespace

core::Result<ReleaseTarget> parse_release_target(std::string_view text, access::Directory const& directory,
                                                 store::RowId organisation) {
  if (text.starts_with(kLevel)) {
    auto const level = stix::parse_tlp(text.substr(kLevel.size()));
    if (!level) return std::unexpected(no_target());
    return ReleaseTarget(*level);
  }
  auto const* audience = by_marking(directory, text);
  if (audience == nullptr) audience = directory.audience(text);
  if (audience != nullptr && audience->releasable_to.empty() && !directory.belongs(organisation, *audience))
    audience = nullptr;
  if (audience == nullptr) audience = of_authority(directory, text);
  if (audience == nullptr) return std::unexpected(no_target());
  return ReleaseTarget(marking_of(*audience));
}

std::string text_of(ReleaseTarget const& target) {
  if (auto const* level = std::get_if<Tlp>(&target)) return std::string(kLevel) + std::string(stix::name(*level));
  return std::get<Identifier>(target).text();
}

core::Result<Json> released(Json stored, ReleaseTarget const& target, access::Directory const& directory,
                            store::RowId organisation, std::int64_t now_us) {
  if (!stored.contains("modified"))
    return core::fail(Code::unprocessable, "The object has no versions, so that no later one can have other markings.",
                      "", "Share it anew with the markings that it shall have.");
  if (stored.value("revoked", false))
    return core::fail(Code::unprocessable, "The object was revoked, which is final.", "",
                      "Share its content anew with the markings that it shall have.");
  stored["object_marking_refs"] = markings_after(stored, target, directory, organisation);
  follow(stored, now_us);
  return stored;
}

core::Result<void> check_release(access::Directory const& directory, Widening const& widening,
                                 ReleaseTarget const& target) {
  auto const& [before, after, kind] = widening;
  if (auto const* level = std::get_if<Tlp>(&target); level != nullptr && after.level != *level)
    return core::fail(Code::unprocessable, "A part of the object has a marking of its own, which is stricter.", "/to",
                      "Share as a new object what may be shown more widely.");
  if (before.level == Tlp::red && after.level < Tlp::amber_strict)
    return core::fail(Code::release_of_red,
                      "What is TLP:RED is released to TLP:AMBER+STRICT at most, or to an audience.", "/to",
                      "Release it to tlp:amber+strict first. What that is can be released further.");
  if (auto const* row = kinds::find_kind(kind); row != nullptr && row->needs_audience && after.releasable_to)
    return core::fail(Code::marking_below_floor,
                      "An indicator of the kind " + std::string(kind) + " is for no government.", "/to",
                      "Name an audience of members.");
  if (!access::covers_now(directory, after, before))
    return std::unexpected(not_wider("Some who see the object now would see it no more."));
  if (access::is_seen_by_nobody(after) || access::covers_now(directory, before, after))
    return std::unexpected(not_wider("Nobody would see the object who does not see it now."));
  return {};
}

}  // namespace tocsin::admission
