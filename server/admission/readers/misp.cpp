#include "server/admission/readers/misp.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "schema/stix/marking.hpp"
#include "server/admission/readers/json_members.hpp"
#include "server/admission/readers/misp_scope.hpp"

namespace tocsin::admission {
namespace {

using core::Code;
using stix::Json;

struct Type {
  std::string_view type;  // of MISP
  std::string_view kind;
  bool first_part = false;          // the value is what stands before a bar
  std::string_view algorithm = {};  // of a fingerprint
  bool by_request = false;          // only where the query says its kind: mostly it is something else
};

constexpr Type kTypes[] = {{"ip-src", "ip-range"},
                           {"ip-dst", "ip-range", false, {}, true},
                           {"ip-src|port", "ip-range", true},
                           {"ip-dst|port", "ip-range", true, {}, true},
                           {"AS", "proxy-asn"},
                           {"domain", "proxy-domain", false, {}, true},
                           {"hostname", "proxy-domain", false, {}, true},
                           {"user-agent", "user-agent"},
                           {"ja3-fingerprint-md5", "tls-fingerprint", false, "ja3"}};

constexpr std::string_view kPersonal[] = {"email",
                                          "email-src",
                                          "email-dst",
                                          "email-reply-to",
                                          "target-email",
                                          "target-user",
                                          "phone-number",
                                          "full-name",
                                          "whois-registrant-email",
                                          "whois-registrant-name",
                                          "whois-registrant-phone"};

core::Error refusal(std::string detail, std::string pointer, std::string remedy, Code code = Code::property_value) {
  return {code, std::move(detail), std::move(pointer), std::move(remedy)};
}

core::Error said_by_nobody(std::string_view kind) {
  return refusal("An attribute of this type is mostly what malware speaks to, and not where harvesting comes from.",
                 "/type", "Where it is, send such attributes with `?kind=" + std::string(kind) + "`.");
}

core::Error too_long() {
  return refusal("A comment or a time of the attribute, its object or its event is longer than " +
                     std::to_string(kLongestMispText) + " bytes.",
                 "", "Shorten it in MISP.");
}

// Events and objects of a body: those without attributes make no items, whose number is bounded too.
constexpr std::size_t kMostParts = 20'000;

class Events {
 public:
  Events(kinds::Cells const& defaults, Items& items) : defaults_(defaults), items_(items) {
    auto const kind = std::ranges::find(defaults, "kind", &kinds::Cells::value_type::first);
    if (kind != defaults.end()) kind_said_ = kind->second;
  }

  core::Result<void> read(std::string_view event, std::string pointer) {
    if (auto counted = count_part(); !counted) return counted;
    auto const members = members_of(event);
    if (!members) return std::unexpected(members.error());
    auto const scope = inside({}, *members, std::move(pointer));
    if (!scope) return std::unexpected(scope.error());
    if (auto done = read_attributes(*members, *scope); !done) return done;
    return for_each(*members, "Object", *scope, [&](std::string_view text, std::string where) {
      return read_object(text, *scope, std::move(where));
    });
  }

  [[nodiscard]] bool goes_on() const { return goes_on_; }

 private:
  using Read = std::function<core::Result<void>(std::string_view, std::string)>;  // text, pointer

  core::Result<void> count_part() {
    if (++parts_ <= kMostParts) return {};
    return core::fail(Code::content_too_large,
                      "The body has more than " + std::to_string(kMostParts) + " events and objects of MISP.", "",
                      "Send them in several bodies.");
  }

  core::Result<void> for_each(JsonMembers const& members, char const* name, MispScope const& scope, Read const& read) {
    auto const found = members.find(name);
    if (found == members.end() || !goes_on_) return {};
    core::Result<void> done;
    auto const walked = for_elements(found->second, [&](std::size_t index, std::string_view text) {
      done = read(text, scope.pointer + "/" + std::string(name) + "/" + std::to_string(index));
      return done && goes_on_;
    });
    return done ? walked : done;
  }

  core::Result<void> read_object(std::string_view text, MispScope const& event, std::string pointer) {
    if (auto counted = count_part(); !counted) return counted;
    auto const members = members_of(text);
    if (!members) return std::unexpected(members.error());
    auto const inner = inside(event, *members, std::move(pointer));
    if (!inner) return std::unexpected(inner.error());
    return read_attributes(*members, *inner);
  }

  core::Result<void> read_attributes(JsonMembers const& members, MispScope const& scope) {
    return for_each(members, "Attribute", scope, [&](std::string_view text, std::string pointer) {
      read_attribute(text, scope, std::move(pointer));
      return core::Result<void>();
    });
  }

  void read_attribute(std::string_view text, MispScope const& scope, std::string pointer) {
    Place place{.pointer = std::move(pointer)};
    auto item = item_in(text, scope);
    if (!item) {
      goes_on_ = items_.refuse(std::move(place), std::move(item.error()));
      return;
    }
    kinds::add_cells(*item, defaults_);
    goes_on_ = items_.take(std::move(place), *std::move(item));
  }

  [[nodiscard]] core::Result<Json> item_in(std::string_view text, MispScope const& scope) const {
    auto const attribute = stix::parse_json(text);
    if (!attribute) return std::unexpected(attribute.error());
    if (!attribute->is_object())
      return std::unexpected(refusal("An attribute is not an object.", "", "Send the document as MISP wrote it."));
    return item_of(*attribute, scope);
  }

  [[nodiscard]] core::Result<Json> item_of(Json const& attribute, MispScope const& scope) const {
    auto const level = for_indicators(attribute, scope);
    if (!level) return std::unexpected(level.error());
    auto const name = misp_text(attribute, "type");
    auto const* type = std::ranges::find(kTypes, name, &Type::type);
    if (type == std::end(kTypes)) return std::unexpected(not_ours(name));
    if (type->by_request && kind_said_ != type->kind) return std::unexpected(said_by_nobody(type->kind));
    auto value = misp_text(attribute, "value");
    if (type->first_part) value.resize(std::min(value.size(), value.find('|')));
    Json out{{"kind", type->kind}, {"value", std::move(value)}};
    if (!type->algorithm.empty()) out["algorithm"] = type->algorithm;
    if (level->tlp) out["tlp"] = stix::name(*level->tlp);
    bool const fits = add(out, "description", attribute, "comment", scope.comment) &&
                      add(out, "first_activity", attribute, "first_seen", scope.first_seen) &&
                      add(out, "last_activity", attribute, "last_seen", scope.last_seen);
    if (!fits || scope.too_long) return std::unexpected(too_long());
    for (auto const* time : {"first_activity", "last_activity"})
      if (out.contains(time)) out[time] = misp_time_in_utc(out[time].get<std::string>());
    return out;
  }

  // Who may read the attribute, which is there to detect with, and for readers that are known here.
  static core::Result<MispLevel> for_indicators(Json const& attribute, MispScope const& scope) {
    if (scope.deleted || misp_text(attribute, "deleted") == "1")
      return std::unexpected(refusal("The attribute was deleted in MISP.", "/deleted", "Leave it out."));
    if (misp_text(attribute, "to_ids") != "1")
      return std::unexpected(refusal("The attribute is context and no indicator: `to_ids` is not true.", "/to_ids",
                                     "Set it in MISP where the value is there to detect with."));
    auto level = scope.level;
    if (auto noted = note_tags(attribute, level); !noted) return std::unexpected(noted.error());
    if (level.unknown)
      return std::unexpected(
          refusal("A tag of the attribute, its object or its event cannot be read, or begins with "
                  "`tlp` and is not a level of TLP.",
                  "/Tag",
                  "Write tags as {\"name\": …}, and of TLP tlp:clear, green, amber, amber+strict "
                  "or red."));
    if (scope.closed || is_closed_in_misp(misp_text(attribute, "distribution")))
      return std::unexpected(
          refusal("The attribute is for its own organisation or a sharing group of MISP, whose "
                  "readers are not known here.",
                  "/distribution", "Give it a distribution of this community or a wider one."));
    return level;
  }

  static core::Error not_ours(std::string_view type) {
    if (std::ranges::find(kPersonal, type) != std::end(kPersonal))
      return refusal(
          "An attribute of this type is personal data, which nobody shares here.", "/type",
          "Leave it out; of an account say the domain of its address as `email_domain` of an account-pattern.",
          Code::personal_data_in_text);
    std::string types;
    for (auto const& row : kTypes) types += (types.empty() ? "" : ", ") + std::string(row.type);
    return refusal("Attributes of this type are not shared here.", "/type", "These types are: " + types + ".");
  }

  // False: the text is too long.
  static bool add(Json& out, char const* name, Json const& attribute, char const* own, std::string const& scope) {
    auto text = misp_text(attribute, own);
    if (text.size() > kLongestMispText) return false;
    if (text.empty()) text = scope;
    if (!text.empty()) out[name] = std::move(text);
    return true;
  }

  kinds::Cells const& defaults_;
  Items& items_;
  std::string_view kind_said_;  // by the query
  std::size_t parts_ = 0;
  bool goes_on_ = true;
};

std::unexpected<core::Error> not_events() {
  return core::fail(Code::items_invalid, "The body has no event of MISP.", "",
                    "Send {\"Event\": …} or {\"response\": [{\"Event\": …}]}.");
}

}  // namespace

core::Result<void> read_misp(std::string_view body, kinds::Cells const& defaults, Items& items) {
  auto const members = members_of(body);
  if (!members) return std::unexpected(members.error());
  Events events(defaults, items);
  if (auto const event = members->find("Event"); event != members->end()) return events.read(event->second, "/Event");
  auto const response = members->find("response");
  if (response == members->end()) return not_events();
  core::Result<void> done;
  auto const walked = for_elements(response->second, [&](std::size_t index, std::string_view text) {
    auto const one = members_of(text);
    if (!one) {
      done = std::unexpected(one.error());
    } else if (auto const event = one->find("Event"); event == one->end()) {
      done = not_events();
    } else {
      done = events.read(event->second, "/response/" + std::to_string(index) + "/Event");
    }
    return done && events.goes_on();
  });
  return done ? walked : done;
}

}  // namespace tocsin::admission
