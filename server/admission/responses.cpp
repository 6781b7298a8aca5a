#include "server/admission/responses.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <span>

#include "schema/core/digest.hpp"
#include "schema/kinds/extension_ids.hpp"
#include "schema/stix/identifier.hpp"
#include "server/admission/authoring.hpp"

namespace tocsin::admission {
namespace {

using core::Code;
using stix::Json;

constexpr std::array<std::string_view, 3> kOfSighting{"count", "first_seen", "last_seen"};
constexpr std::array<std::string_view, 5> kOfExtension{"outcome", "action_taken", "affected_accounts_bucket",
                                                       "match_method", "detector_version"};
constexpr std::array<std::string_view, 2> kOfOpinion{"opinion", "explanation"};
bool is_one_of(std::span<std::string_view const> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

core::Error unknown(std::string const& name) {
  return {Code::property_unknown, "`" + name.substr(0, 60) + "` is not a member of this request.", "", "Leave it out."};
}

// Who asks for an unnamed creator, and the level, are no part of what is said.
bool is_about_saying(std::string_view name) { return name == "tlp" || name == "as_member"; }

core::Result<stix::Tlp> level_of(Json const& said, Subject const& subject) {
  auto const given = said.find("tlp");
  if (given == said.end()) return subject.level;
  auto const level = given->is_string() ? stix::parse_tlp(given->get_ref<std::string const&>()) : std::nullopt;
  if (!level)
    return core::fail(Code::property_value, "`tlp` is no TLP level.", "/tlp",
                      "Use clear, green, amber, amber+strict or red.");
  if (*level < subject.level)
    return core::fail(Code::marking_below_floor,
                      "What it is said of is TLP:" + std::string(stix::name(subject.level)) +
                          ", and this would be shown to more readers.",
                      "/tlp", "Leave `tlp` out, or give a stricter level.");
  return *level;
}

// All but id, times and what is said.
core::Result<Json> frame(std::string_view type, Json const& said, Subject const& subject, Sayer const& sayer) {
  auto const level = level_of(said, subject);
  if (!level) return std::unexpected(level.error());
  Json out{{"type", type}, {"spec_version", "2.1"}, {"created_by_ref", sayer.creator}};
  auto markings = subject.markings;
  markings.emplace(stix::tlp2_id(*level));
  out["object_marking_refs"] = markings;
  return out;
}

}  // namespace

Subject subject_of(Json const& version, stix::Tlp level) {
  Subject subject;
  subject.level = level;
  for (auto const& marking : markings_of(version))
    if (auto const id = stix::Identifier::parse(marking); id && !stix::tlp_of(*id)) subject.markings.insert(id->text());
  return subject;
}

core::Result<Json> sighting_of(Json const& said, Subject const& subject, Sayer const& sayer) {
  auto out = frame("sighting", said, subject, sayer);
  if (!out) return out;
  Json facts{{"extension_type", "property-extension"}};
  for (auto const& [name, value] : said.items()) {
    if (auto good = check_text(name, value); !good) return std::unexpected(good.error());
    if (is_one_of(kOfSighting, name))
      (*out)[name] = value;
    else if (is_one_of(kOfExtension, name))
      facts[name] = value;
    else if (!is_about_saying(name))
      return std::unexpected(unknown(name));
  }
  (*out)["extensions"] = {{std::string(kinds::kSightingExtension), std::move(facts)}};
  (*out)["sighting_of_ref"] = subject.id;
  name_anew(*out, sayer.now_us);
  return out;
}

core::Result<Json> opinion_on(Json const& said, Json const& standing, Subject const& subject, Sayer const& sayer) {
  auto out = frame("opinion", said, subject, sayer);
  if (!out) return out;
  for (auto const& [name, value] : said.items()) {
    if (auto good = check_text(name, value); !good) return std::unexpected(good.error());
    if (is_one_of(kOfOpinion, name))
      (*out)[name] = value;
    else if (!is_about_saying(name))
      return std::unexpected(unknown(name));
  }
  (*out)["object_refs"] = Json::array({subject.id});
  if (standing.is_null() || standing.value("revoked", false)) {
    name_anew(*out, sayer.now_us);
    return out;
  }
  for (auto const* name : {"id", "created", "modified"}) (*out)[name] = standing.at(name);
  if (*out != standing) follow(*out, sayer.now_us);
  return out;
}

core::Result<Json> opinion_withdrawn(Json const& said, Json const& standing, std::int64_t now_us) {
  for (auto const& [name, value] : said.items()) {
    if (name != "withdraw") return std::unexpected(unknown(name));
    if (value != true)
      return core::fail(Code::property_value, "`withdraw` is not true.", "/withdraw",
                        "Leave it out to give an opinion.");
  }
  if (standing.is_null())
    return core::fail(Code::not_found, "Your organisation has given no opinion on this object.", "",
                      "There is nothing to take back.");
  Json out = standing;
  if (out.value("revoked", false)) return out;
  out["revoked"] = true;
  follow(out, now_us);
  return out;
}

store::ClaimKey opinion_key(std::string const& subject) { return {"opinion", core::sha256(subject)}; }

std::string said_pointer(std::string const& pointer) {
  std::string_view rest = pointer;
  while (!rest.empty()) {
    auto const slash = rest.rfind('/');
    if (slash == std::string_view::npos) break;
    auto const name = rest.substr(slash + 1);
    if (name == "object_marking_refs") return "/tlp";
    if (is_one_of(kOfSighting, name) || is_one_of(kOfExtension, name) || is_one_of(kOfOpinion, name))
      return "/" + std::string(name);
    rest = rest.substr(0, slash);
  }
  return {};
}

}  // namespace tocsin::admission
