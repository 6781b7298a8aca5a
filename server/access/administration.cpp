#include "server/access/administration.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "schema/core/digest.hpp"
#include "schema/stix/rules/types.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/access/certificate.hpp"
#include "server/access/moderation.hpp"
#include "server/access/names.hpp"
#include "server/access/token.hpp"

namespace tocsin::access {
namespace {

constexpr char const* kTlpLevels = "Use clear, green, amber, amber+strict or red.";
constexpr char const* kRoleList = "Use submitter, analyst, feed, liaison, peer, auditor or admin; several by commas.";
constexpr std::array<std::string_view, 13> kNativeKinds{
    "ip-range",        "proxy-asn",         "proxy-domain",    "proxy-network", "prompt-template",
    "account-pattern", "usage-profile",     "tls-fingerprint", "user-agent",    "keyed-identifier",
    "canary",          "llm-usage-profile", "llm-canary"};
constexpr std::array<std::string_view, 8> kRoles{"submitter", "analyst", "feed",  "liaison",
                                                 "peer",      "auditor", "admin", "invited"};
constexpr std::size_t kGivenRoles = 7;  // by administrators: the first

std::unexpected<core::Error> refuse(std::string detail, std::string remedy) {
  return core::fail(core::Code::bad_parameter, std::move(detail), "", std::move(remedy));
}

// Several mistakes of one request as one error.
class Mistakes {
 public:
  void add(std::string const& detail, std::string remedy) {
    if (!error_.detail.empty()) error_.detail += " " + error_.remedy + " ";
    error_.detail += detail;
    error_.remedy = std::move(remedy);
  }
  [[nodiscard]] bool any() const { return !error_.detail.empty(); }
  [[nodiscard]] std::unexpected<core::Error> error() const { return std::unexpected(error_); }

 private:
  core::Error error_{core::Code::bad_parameter, "", "", ""};
};

std::unexpected<core::Error> no_organisation() {
  return core::fail(core::Code::not_found, "There is no organisation of that name.", "",
                    "`tocsind org list` shows them.");
}

std::unexpected<core::Error> not_here(store::Organisation const& organisation) {
  return core::fail(core::Code::conflict,
                    organisation.name + " speaks at " + (organisation.peer.empty() ? "a peer" : organisation.peer) +
                        " and has nothing here: no credentials, no audiences.",
                    "", "Its own instance lets it in. What it says comes from there, by the agreement with the peer.");
}

core::Result<std::string> identity_of(std::string const& given) {
  if (given.empty()) return "identity--" + core::to_text(core::random_uuid());
  auto id = stix::Identifier::parse(given);
  if (!id || id->type() != "identity")
    return refuse("The identity is not identity--UUID.", "Leave it out to have one made.");
  return "identity--" + core::to_text(id->uuid());
}

// One spelling for each: who has two credentials does not become two people by them.
bool is_person(std::string_view text) {
  return text.size() <= 100 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._@-") == std::string_view::npos;
}

// Only what has the form of an id is repeated: a whole token may have been given by mistake.
bool is_id(std::string_view text) { return text.size() == 16 && core::from_hex(text).has_value(); }

std::string kind_list() {
  std::string out = "Use";
  for (auto kind : kNativeKinds) out += " " + std::string(kind) + ",";
  return out + " a type of STIX 2.1, or a custom type that begins with x-.";
}

core::Result<void> take_roles(NewCredential const& given, store::Organisation const& owner, store::Credential& row) {
  if (given.roles.empty()) return refuse("A credential needs a role.", kRoleList);
  for (auto const& text : given.roles) {
    auto role = parse_role(text);
    if (!role) return refuse("The role" + in_quotes(text) + " is none that is known.", kRoleList);
    row.roles = static_cast<std::uint8_t>(row.roles | base::Roles{*role}.bits());
  }
  if (owner.origin != 0 && base::Roles::from_bits(row.roles).intersects({base::Role::submitter, base::Role::analyst}))
    return refuse(owner.name + " is a peer: what it says comes from its own instance, and nothing is submitted for it.",
                  "Make an organisation of its own for whoever submits here.");
  return {};
}

core::Result<void> take_names(NewCredential const& given, std::int64_t now_us, store::Credential& row) {
  if (!given.label.empty() && !is_name(given.label))
    return refuse(
        "The label is longer than 100 bytes, begins or ends with a space, or holds a slash or control characters.",
        "Choose another label.");
  row.label = given.label;
  if (!given.person.empty() && !is_person(given.person))
    return refuse("The person is longer than 100 bytes, or holds other than lower-case letters, digits and . _ @ -",
                  "Use one name for all credentials of one person, such as a login.");
  row.person = given.person;
  if (given.expires) {
    auto at = stix::Timestamp::parse(*given.expires);
    if (!at)
      return refuse("The expiry" + in_quotes(*given.expires) + " is no timestamp.",
                    "Write it as 2027-01-31T00:00:00Z.");
    if (at->microseconds() <= now_us)
      return refuse("The expiry has passed already.",
                    "It is " + stix::Timestamp::from_microseconds(now_us).text() + " now; give a later time.");
    row.expires_us = at->microseconds();
  }
  return {};
}

core::Result<void> take_limits(NewCredential const& given, Directory const& directory, store::Credential& row) {
  for (auto const& text : given.networks) {
    if (auto network = Network::parse(text); !network) return std::unexpected(network.error());
    row.networks.push_back(text);
  }
  for (auto const& text : given.collections) {
    auto const* collection = directory.collection(text, View{});
    if (collection == nullptr)
      return core::fail(core::Code::not_found, "There is no collection \"" + text.substr(0, 100) + "\".", "",
                        "`tocsind collection list` shows them.");
    row.collections.push_back(collection->id);
  }
  for (auto const& text : given.kinds) {
    if (!is_kind(text))
      return refuse("The kind" + in_quotes(text) + " is neither a kind nor a STIX type.", kind_list());
    row.kinds.push_back(text);
  }
  if (given.max_tlp) {
    auto level = stix::parse_tlp(*given.max_tlp);
    if (!level) return refuse("The highest level" + in_quotes(*given.max_tlp) + " is no TLP level.", kTlpLevels);
    row.max_tlp = static_cast<int>(*level);
  }
  auto dialect = stix::parse_marking_dialect(given.dialect);
  if (!dialect)
    return refuse("The dialect" + in_quotes(given.dialect) + " of markings is none that is known.",
                  "Use tlp2, or tlp1 for a client that knows no TLP 2.0.");
  row.dialect = *dialect;
  return {};
}

}  // namespace

bool is_kind(std::string_view text) {
  return std::ranges::find(kNativeKinds, text) != kNativeKinds.end() || stix::rules::find_type(text) != nullptr ||
         (text.starts_with("x-") && stix::is_type_name(text));
}

std::string_view name(base::Role role) { return kRoles[static_cast<std::size_t>(role)]; }

std::optional<base::Role> parse_role(std::string_view text) {
  auto const given = std::span(kRoles).first<kGivenRoles>();
  auto found = std::ranges::find(given, text);
  if (found == given.end()) return std::nullopt;
  return static_cast<base::Role>(found - given.begin());
}

std::vector<std::string> role_names(base::Roles roles) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kRoles.size(); ++i)
    if (roles.has(static_cast<base::Role>(i))) names.emplace_back(kRoles[i]);
  return names;
}

core::Result<store::Organisation> Administration::add(NewOrganisation const& given, std::int64_t now_us) {
  Mistakes mistakes;
  if (!is_name(given.name))
    mistakes.add("The name is empty, only dots, longer than 100 bytes or holds a slash or control characters.",
                 "Choose another name.");
  constexpr std::array<std::string_view, 4> kTypes{"lab", "cloud", "government", "other"};
  if (std::ranges::find(kTypes, given.type) == kTypes.end())
    mistakes.add("The type" + in_quotes(given.type) + " is none that is known.",
                 "Use lab, cloud, government or other.");
  auto clearance = stix::parse_tlp(given.clearance);
  if (!clearance) mistakes.add("The clearance" + in_quotes(given.clearance) + " is no TLP level.", kTlpLevels);
  if (!given.authority.empty() && given.type != "government")
    mistakes.add("Only a government has an authority.", "Leave the authority out.");
  if (!given.authority.empty() && !is_title(given.authority))
    mistakes.add("The authority code holds other than letters, digits, dashes and spaces.", "Choose another code.");
  auto identity = identity_of(given.identity);
  if (!identity) mistakes.add(identity.error().detail, identity.error().remedy);
  if (mistakes.any()) return mistakes.error();
  store::Organisation row{0,         given.name,      given.type, static_cast<int>(*clearance),
                          *identity, given.authority, false,      now_us};
  auto added = accounts_.add(row);
  if (!added) return std::unexpected(added.error());
  row.row = *added;
  if (auto loaded = registry_.reload(accounts_); !loaded) return std::unexpected(loaded.error());
  return row;
}

core::Result<void> Administration::disable(std::string const& organisation, bool disabled) {
  auto directory = registry_.current();
  auto const* found = directory->organisation(std::string_view(organisation));
  if (found == nullptr) return no_organisation();
  if (store::speaks_elsewhere(*found)) return not_here(*found);
  if (auto done = accounts_.set_disabled(found->row, disabled); !done) return done;
  return registry_.reload(accounts_);
}

core::Result<void> Administration::set_standing(std::string const& organisation, std::string const& standing) {
  if (auto known = check_standing(standing); !known) return known;
  auto directory = registry_.current();
  auto const* found = directory->organisation(std::string_view(organisation));
  if (found == nullptr) return no_organisation();
  if (store::speaks_elsewhere(*found)) return not_here(*found);
  if (auto done = accounts_.set_standing(found->row, standing); !done) return done;
  return registry_.reload(accounts_);
}

core::Result<void> Administration::moderate(std::string const& collection, std::string const& moderation) {
  if (auto known = check_moderation(moderation); !known) return known;
  auto directory = registry_.current();
  auto const* found = directory->collection(collection, View{});
  if (found == nullptr)
    return core::fail(core::Code::not_found, "There is no such collection.", "",
                      "`tocsind collection list` shows them.");
  if (auto done = accounts_.set_moderation(found->row, moderation); !done) return done;
  return registry_.reload(accounts_);
}

core::Result<store::Credential> Administration::check(NewCredential const& given, std::int64_t now_us) const {
  auto directory = registry_.current();
  store::Credential row;
  auto const* owner = directory->organisation(std::string_view(given.organisation));
  if (owner == nullptr) return no_organisation();
  if (store::speaks_elsewhere(*owner)) return not_here(*owner);
  if (owner->disabled)
    return core::fail(core::Code::conflict, "The organisation is disabled, so that no credential of it would work.", "",
                      "Enable it first: tocsind org enable '" + owner->name + "'");
  row.organisation = owner->row;
  if (auto taken = take_roles(given, *owner, row); !taken) return std::unexpected(taken.error());
  if (auto taken = take_names(given, now_us, row); !taken) return std::unexpected(taken.error());
  if (auto taken = take_limits(given, *directory, row); !taken) return std::unexpected(taken.error());
  if (!given.certificate) return row;
  auto name = parse_certificate_name(*given.certificate);
  if (!name) return std::unexpected(name.error());
  row.certificate = *std::move(name);
  return row;
}

core::Result<std::string> Administration::add(NewCredential const& given, std::int64_t now_us) {
  auto row = check(given, now_us);
  if (!row) return std::unexpected(row.error());
  auto token = keep(*row, now_us);
  if (!token) return std::unexpected(token.error());
  return given.certificate ? token->id : token->token;
}

// Stores a credential under an id, and with a secret, of its own.
core::Result<NewToken> Administration::keep(store::Credential row, std::int64_t now_us) {
  NewToken token = make_token();
  row.token_id = token.id;
  if (row.certificate.empty()) row.secret_digest = token.secret_digest;
  row.created_us = now_us;
  if (auto added = accounts_.add(row); !added) return std::unexpected(added.error());
  if (auto loaded = registry_.reload(accounts_); !loaded) return std::unexpected(loaded.error());
  return token;
}

core::Result<Invitation> Administration::invite(NewCredential const& given, std::int64_t now_us) {
  constexpr std::int64_t kDay = 86'400'000'000;
  auto row = check(given, now_us);
  if (!row) return std::unexpected(row.error());
  row->invitation_us = now_us + kDay;
  auto token = keep(*row, now_us);
  if (!token) return std::unexpected(token.error());
  return Invitation{token->token, now_us + kDay};
}

core::Result<std::string> Administration::redeem(std::string const& invitation_id, std::int64_t now_us) {
  NewToken token = make_token(invitation_id);
  if (auto done = accounts_.redeem(token.id, token.secret_digest, now_us); !done) return std::unexpected(done.error());
  if (auto loaded = registry_.reload(accounts_); !loaded) return std::unexpected(loaded.error());
  return token.token;
}

std::vector<std::string> Administration::remarks_on(NewCredential const& given, std::string_view instance) const {
  std::vector<std::string> out;
  auto directory = registry_.current();
  auto const* owner = directory->organisation(std::string_view(given.organisation));
  auto has = [&](base::Role role) { return std::ranges::find(given.roles, name(role)) != given.roles.end(); };
  if (has(base::Role::liaison) && owner != nullptr && owner->type != "government")
    out.push_back(owner->name +
                  " is no government, for which the role liaison is: its reads wait for the audit trail. "
                  "Roles that read for others are feed and analyst.");
  bool const submits = has(base::Role::submitter) || has(base::Role::analyst);
  if (submits && owner != nullptr && directory->owner_of_identity(instance) == owner)
    out.push_back(owner->name +
                  " has the identity of the instance, which every member may name: what it submits cannot be told from "
                  "what others submit in that name. Make a laboratory an organisation of its own.");
  if (has(base::Role::peer))
    out.emplace_back("The role peer opens nothing but discovery, /api/v1/me and the signed log.");
  return out;
}

core::Result<void> Administration::deny(std::string_view pin, std::int64_t now_us) {
  auto digest = parse_pin(pin);
  if (!digest) return std::unexpected(digest.error());
  if (auto done = accounts_.deny_pin(*digest, now_us); !done) return done;
  return registry_.reload(accounts_);
}

core::Result<void> Administration::revoke(std::string const& token_id, std::int64_t now_us) {
  auto directory = registry_.current();
  auto const* session = directory->session(token_id);
  if (session == nullptr)
    return core::fail(
        core::Code::not_found, "There is no credential" + (is_id(token_id) ? in_quotes(token_id) : std::string()) + ".",
        "", "Give its id, 16 hexadecimal digits; `tocsind token list` and `tocsind certificate list` show them.");
  if (session->credential.revoked_us)
    return core::fail(core::Code::not_found, "The credential" + in_quotes(token_id) + " is revoked already.", "",
                      "It has stopped working; nothing is left to do.");
  if (auto done = accounts_.revoke_credential(token_id, now_us); !done) return done;
  return registry_.reload(accounts_);
}

core::Result<store::Collection> Administration::add(NewCollection const& given, std::int64_t now_us) {
  if (!is_title(given.title))
    return refuse("The title holds other than letters, digits, dashes and spaces.",
                  "Clients split titles at dots and commas.");
  std::string alias = given.alias;
  if (alias.empty()) {
    alias = given.title;
    std::ranges::transform(alias, alias.begin(), [](char c) {
      return c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
  }
  if (!is_title(alias) || alias.find(' ') != std::string::npos)
    return refuse("The alias holds other than letters, digits and dashes.", "Choose another alias.");
  // A collection is found by either: an alias must never lead where another's id does.
  if (core::parse_uuid(alias)) return refuse("The alias has the form of an id.", "Choose a word for it.");
  auto level = stix::parse_tlp(given.default_tlp.empty() ? "green" : given.default_tlp);
  if (!level) return refuse("The default marking is no TLP level.", kTlpLevels);
  if (!given.description.empty() && !core::is_utf8(given.description))
    return refuse("The description is not UTF-8.", "Write it in UTF-8.");
  store::Collection row{
      0, core::to_text(core::random_uuid()), alias, given.title, given.description, static_cast<int>(*level), now_us};
  auto added = accounts_.add(row);
  if (!added) return std::unexpected(added.error());
  row.row = *added;
  if (auto loaded = registry_.reload(accounts_); !loaded) return std::unexpected(loaded.error());
  return row;
}

}  // namespace tocsin::access
