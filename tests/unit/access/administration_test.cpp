#include "server/access/administration.hpp"

#include "schema/core/digest.hpp"
#include "server/access/audience_administration.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/access/world.hpp"

using namespace tocsin;
using access::NewCollection;
using access::NewCredential;
using access::NewOrganisation;
using test::AccessWorld;

namespace {

constexpr std::int64_t kNow = AccessWorld::kNow;

// A refusal that names what is wrong; what it returns is its code.
template <class T>
core::Code refusal(core::Result<T> const& result) {
  REQUIRE_FALSE(result.has_value());
  CHECK_FALSE(result.error().detail.empty());
  return result.error().code;
}

NewCredential credential() {
  NewCredential wanted;
  wanted.organisation = "lab";
  wanted.roles = {"analyst"};
  return wanted;
}

}  // namespace

TEST_CASE("roles have names that parse back", "[access][administration]") {
  for (std::uint8_t bit = 0; bit < 8; ++bit) {
    auto role = static_cast<base::Role>(bit);
    bool const given = role != base::Role::invited;
    CHECK(access::parse_role(access::name(role)) == (given ? std::optional(role) : std::nullopt));
    CHECK(access::role_names(base::Roles{role}) == std::vector<std::string>{std::string(access::name(role))});
  }
  CHECK_FALSE(access::parse_role("Analyst").has_value());
  CHECK_FALSE(access::parse_role("").has_value());
  CHECK(access::role_names(base::Roles::from_bits(0x7F)).size() == 7);
}

TEST_CASE("a new organisation is in force at once with an identity of its own", "[access][administration]") {
  AccessWorld world;
  auto one = world.organisation("one"), two = world.organisation("two");
  CHECK(one.identity != two.identity);
  CHECK(stix::Identifier::parse(one.identity).value().type() == "identity");
  CHECK(world.registry.current()->organisation(one.row)->created_us == kNow);
  CHECK(refusal(world.administration.add(NewOrganisation{"one", "lab", "red", "", ""}, kNow)) == core::Code::conflict);
}

TEST_CASE("an identity that is given is kept in lower case", "[access][administration]") {
  AccessWorld world;
  auto added = world.administration.add(
      NewOrganisation{"one", "lab", "WHITE", "identity--ABCDEF01-2345-4789-8ABC-DEF012345678", ""}, kNow);
  REQUIRE(added.has_value());
  CHECK(added->identity == "identity--abcdef01-2345-4789-8abc-def012345678");
  CHECK(added->clearance == 0);
}

TEST_CASE("an organisation with a mistake is refused", "[access][administration]") {
  AccessWorld world;
  NewOrganisation const good{"one", "government", "red", "", "EX-1"};
  auto with = [&](auto change) {
    NewOrganisation wanted = good;
    change(wanted);
    return refusal(world.administration.add(wanted, kNow));
  };
  for (std::string name :
       {std::string(), std::string(101, 'n'), std::string("a/b"), std::string("a\nb"), std::string(" a"),
        std::string("a "), std::string("a\x7F"), std::string("\xFF"), std::string("."), std::string("..")}) {
    INFO(name);
    CHECK(with([&](auto& one) { one.name = name; }) == core::Code::bad_parameter);
  }
  CHECK(with([](auto& one) { one.type = "bank"; }) == core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.clearance = "5"; }) == core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.identity = "indicator--11111111-1111-4111-8111-111111111111"; }) ==
        core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.authority = "a/b"; }) == core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.type = "lab"; }) == core::Code::bad_parameter);  // an authority is a government's
  CHECK(world.registry.current()->tables().organisations.empty());
  CHECK(world.administration.add(good, kNow).has_value());
}

TEST_CASE("an invitation opens nothing, and becomes a token once", "[access][administration]") {
  AccessWorld world;
  world.organisation("lab");
  NewCredential wanted = credential();
  wanted.max_tlp = "green";
  auto invitation = world.administration.invite(wanted, kNow).value();
  CHECK(invitation.until_us == kNow + 86'400'000'000);
  CHECK(world.session(invitation.token).principal->roles == base::Roles{base::Role::invited});
  CHECK_FALSE(world.session(invitation.token).view->reader.reads_others);
  std::string const id = world.session(invitation.token).credential.token_id;
  auto token = world.administration.redeem(id, kNow + 1).value();
  auto const& session = world.session(token);
  CHECK(session.credential.token_id == id);
  CHECK(session.credential.created_us == kNow + 1);
  CHECK(session.principal->roles == base::Roles{base::Role::analyst});
  CHECK(session.credential.max_tlp == 1);
  CHECK(core::sha256(access::split_token(token)->secret) == session.credential.secret_digest);
  CHECK(token != invitation.token);
  CHECK(refusal(world.administration.redeem(id, kNow)) == core::Code::not_found);
}

TEST_CASE("what is no invitation, or was revoked, is not redeemed", "[access][administration]") {
  AccessWorld world;
  world.organisation("lab");
  auto id_of = [&](std::string const& token) { return world.session(token).credential.token_id; };
  CHECK(refusal(world.administration.redeem(id_of(world.token(credential())), kNow)) == core::Code::not_found);
  auto id = id_of(world.administration.invite(credential(), kNow).value().token);
  REQUIRE(world.administration.revoke(id, kNow));
  CHECK(refusal(world.administration.redeem(id, kNow)) == core::Code::not_found);
  CHECK(refusal(world.administration.redeem("0000000000000000", kNow)) == core::Code::not_found);
}

TEST_CASE("a credential is stored as it was asked for and its secret only as a digest", "[access][administration]") {
  AccessWorld world;
  auto lab = world.organisation("lab");
  auto collection = world.collection("one");
  NewCredential wanted = credential();
  wanted.roles = {"feed", "analyst"};
  wanted.label = "desk";
  wanted.expires = "2027-01-31T00:00:00.5Z";
  wanted.networks = {"203.0.113.0/24"};
  wanted.collections = {"one"};
  wanted.kinds = {"ip-range"};
  wanted.max_tlp = "amber";
  auto token = world.token(wanted);
  auto const& row = world.session(token).credential;
  CHECK(row.organisation == lab.row);
  CHECK(base::Roles::from_bits(row.roles) == base::Roles{base::Role::feed, base::Role::analyst});
  CHECK(row.label == "desk");
  CHECK(row.expires_us == 1'801'353'600'500'000);
  CHECK(row.networks == wanted.networks);
  CHECK(row.collections == std::vector{collection.id});  // by id, so that no later alias can take its place
  CHECK(row.kinds == wanted.kinds);
  CHECK(row.max_tlp == 2);
  CHECK(row.created_us == kNow);
  CHECK(row.secret_digest == core::sha256(access::split_token(token).value().secret));
}

TEST_CASE("a credential with a mistake is refused", "[access][administration]") {
  AccessWorld world;
  world.organisation("lab");
  auto with = [&](auto change) {
    NewCredential wanted = credential();
    change(wanted);
    return refusal(world.administration.add(wanted, kNow));
  };
  CHECK(with([](auto& one) { one.organisation = "nobody"; }) == core::Code::not_found);
  CHECK(with([](auto& one) { one.roles.clear(); }) == core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.roles.push_back("root"); }) == core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.label = "a\nb"; }) == core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.expires = "tomorrow"; }) == core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.networks = {"203.0.113.1/24"}; }) == core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.collections = {"nothing"}; }) == core::Code::not_found);
  CHECK(with([](auto& one) { one.kinds = {"IP"}; }) == core::Code::bad_parameter);
  for (std::string const& person :
       {std::string(101, 'a'), std::string("Ada"), std::string("ada l"), std::string("a/b")})
    CHECK(with([&](auto& one) { one.person = person; }) == core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.max_tlp = "violet"; }) == core::Code::bad_parameter);
  CHECK(with([](auto& one) { one.certificate = "CN=feed"; }) == core::Code::bad_parameter);
  CHECK(world.registry.current()->tables().credentials.empty());
  CHECK(world.administration.add(credential(), kNow).has_value());
}

TEST_CASE("a credential keeps the person who has it", "[access][administration]") {
  AccessWorld world;
  world.organisation("lab");
  auto wanted = credential();
  for (std::string const& person : {std::string(), std::string(100, 'a'), std::string("a.da_0@lab-9")}) {
    wanted.person = person;
    CHECK(world.session(world.token(wanted)).credential.person == person);
  }
}

TEST_CASE("what the store does not take, or what cannot be read again, is an error of the verb",
          "[access][administration]") {
  for (bool reading : {false, true}) {
    AccessWorld world;
    world.organisation("lab");
    world.collection("tools");
    auto const id = world.token(credential()).substr(7, 16);
    auto const invited = world.session(world.administration.invite(credential(), kNow)->token).credential.token_id;
    auto& verbs = world.administration;
    (reading ? world.accounts.broken : world.accounts.full) = true;
    CHECK(refusal(verbs.add(NewOrganisation{"new", "lab", "red", "", ""}, kNow)) == core::Code::storage_failed);
    CHECK(refusal(verbs.add(NewCollection{"new", "", "", ""}, kNow)) == core::Code::storage_failed);
    CHECK(refusal(verbs.add(credential(), kNow)) == core::Code::storage_failed);
    CHECK(refusal(verbs.invite(credential(), kNow)) == core::Code::storage_failed);
    CHECK(refusal(verbs.redeem(invited, kNow)) == core::Code::storage_failed);
    CHECK(refusal(verbs.revoke(id, kNow)) == core::Code::storage_failed);
    CHECK(refusal(verbs.disable("lab", true)) == core::Code::storage_failed);
    CHECK(refusal(verbs.set_standing("lab", "trusted")) == core::Code::storage_failed);
    CHECK(refusal(verbs.moderate("tools", "all")) == core::Code::storage_failed);
    CHECK(refusal(verbs.deny(std::string(64, 'a'), kNow)) == core::Code::storage_failed);
  }
}

TEST_CASE("a credential that could never work is refused with what to do", "[access][administration]") {
  AccessWorld world;
  world.organisation("lab");
  auto wanted = credential();
  wanted.expires = "1970-01-12T13:46:40Z";  // kNow itself
  auto past = world.administration.add(wanted, kNow);
  CHECK(refusal(past) == core::Code::bad_parameter);
  CHECK(past.error().detail == "The expiry has passed already.");
  wanted.expires = "1970-01-12T13:46:41Z";
  CHECK(world.administration.add(wanted, kNow).has_value());
  REQUIRE(world.administration.disable("lab", true).has_value());
  auto disabled = world.administration.add(credential(), kNow);
  CHECK(refusal(disabled) == core::Code::conflict);
  CHECK(disabled.error().remedy == "Enable it first: tocsind org enable 'lab'");
  REQUIRE(world.administration.disable("lab", false).has_value());
  CHECK(world.administration.add(credential(), kNow).has_value());
}

TEST_CASE("a kind is one of the table, a type of STIX 2.1 or a custom type", "[access][administration]") {
  for (char const* kind : {"ip-range", "keyed-identifier", "canary", "llm-usage-profile", "indicator", "ipv4-addr",
                           "relationship", "marking-definition", "x-lab-thing"})
    CHECK(access::is_kind(kind));
  for (char const* kind : {"", "frob", "IP-RANGE", "x-", "x--a", "ip range", "ip-range "})
    CHECK_FALSE(access::is_kind(kind));
  AccessWorld world;
  world.organisation("lab");
  auto wanted = credential();
  wanted.kinds = {"ip-range", "frob"};
  auto refused = world.administration.add(wanted, kNow);
  CHECK(refusal(refused) == core::Code::bad_parameter);
  CHECK(refused.error().detail == "The kind \"frob\" is neither a kind nor a STIX type.");
  CHECK(refused.error().remedy.find("ip-range") != std::string::npos);
}

TEST_CASE("every mistake of an organisation is named at once", "[access][administration]") {
  AccessWorld world;
  auto refused = world.administration.add(NewOrganisation{"one", "bank", "purple", "", ""}, kNow);
  CHECK(refusal(refused) == core::Code::bad_parameter);
  CHECK(refused.error().detail ==
        "The type \"bank\" is none that is known. Use lab, cloud, government or other. The clearance \"purple\" is no "
        "TLP level.");
  CHECK(refused.error().remedy == "Use clear, green, amber, amber+strict or red.");
}

TEST_CASE("a word is repeated when it is short and plain, a token never", "[access][administration]") {
  AccessWorld world;
  world.organisation("lab");
  auto detail = [&](std::string const& role) {
    auto wanted = credential();
    wanted.roles = {role};
    return world.administration.add(wanted, kNow).error().detail;
  };
  CHECK(detail("boss") == "The role \"boss\" is none that is known.");
  CHECK(detail("bo\nss") == "The role is none that is known.");
  CHECK(detail(std::string(41, 'a')) == "The role is none that is known.");
  auto token = world.token("lab", "analyst");
  auto whole = world.administration.revoke(token, kNow);
  CHECK(refusal(whole) == core::Code::not_found);
  CHECK(whole.error().detail == "There is no credential.");
  CHECK(whole.error().remedy.find("token list") != std::string::npos);
  CHECK(world.administration.revoke("0123456789abcdef", kNow).error().detail ==
        "There is no credential \"0123456789abcdef\".");
  for (char const* no_id : {"0123456789abcde", "0123456789abcdeg"})
    CHECK(world.administration.revoke(no_id, kNow).error().detail == "There is no credential.");
  auto id = token.substr(7, 16);
  REQUIRE(world.administration.revoke(id, kNow).has_value());
  CHECK(world.administration.revoke(id, kNow).error().detail == "The credential \"" + id + "\" is revoked already.");
}

TEST_CASE("revoking a credential is in force at once and of an unknown one fails", "[access][administration]") {
  AccessWorld world;
  world.organisation("lab");
  auto token = world.token("lab", "analyst");
  CHECK_FALSE(world.session(token).disabled);
  REQUIRE(world.administration.revoke(token.substr(7, 16), kNow).has_value());
  CHECK(world.session(token).disabled);
  CHECK(refusal(world.administration.revoke("0000000000000000", kNow)) == core::Code::not_found);
}

TEST_CASE("disabling an unknown organisation fails", "[access][administration]") {
  AccessWorld world;
  CHECK(refusal(world.administration.disable("nobody", true)) == core::Code::not_found);
}

TEST_CASE("a collection gets an alias from its title and GREEN when nothing else is said", "[access][administration]") {
  AccessWorld world;
  auto made = world.administration.add(NewCollection{"Accounts and Behaviour 2", "", "", ""}, kNow).value();
  CHECK(made.alias == "accounts-and-behaviour-2");
  CHECK(world.collection("AZ az09").alias == "az-az09");
  CHECK(made.default_level == 1);
  CHECK(core::parse_uuid(made.id).has_value());
  CHECK(world.administration.add(NewCollection{"Other", "o", "what it is for", "amber+strict"}, kNow)
            .value()
            .default_level == 3);
}

TEST_CASE("a collection with a mistake is refused", "[access][administration]") {
  AccessWorld world;
  auto taken = world.collection("taken");
  auto with = [&](NewCollection const& wanted) { return refusal(world.administration.add(wanted, kNow)); };
  CHECK(with({"", "", "", ""}) == core::Code::bad_parameter);
  CHECK(with({"a.b", "", "", ""}) == core::Code::bad_parameter);
  CHECK(with({"one", "a b", "", ""}) == core::Code::bad_parameter);
  CHECK(with({"one", "", "\xFF", ""}) == core::Code::bad_parameter);
  CHECK(with({"one", "", "", "violet"}) == core::Code::bad_parameter);
  CHECK(with({"one", "taken", "", ""}) == core::Code::conflict);
}

TEST_CASE("an alias cannot stand in for the id of another collection", "[access][administration]") {
  AccessWorld world;
  auto taken = world.collection("taken");
  CHECK(refusal(world.administration.add(NewCollection{"one", taken.id, "", ""}, kNow)) == core::Code::bad_parameter);
  CHECK(refusal(world.administration.add(NewCollection{taken.id, "", "", ""}, kNow)) == core::Code::bad_parameter);
}

namespace {

// A peer here, and Curlew, who speaks at its instance.
void make_peer(AccessWorld& world) {
  store::Organisation ibis{0, "ibis", "other", 0, "identity--11111111-0000-4000-8000-000000000001", "", false, kNow};
  store::Organisation curlew{
      0, "ibis/3f0c2a4e", "other", 0, "identity--3f0c2a4e-90d3-4c57-8d52-2a1f6f0d8b11", "", true, kNow};
  for (auto* one : {&ibis, &curlew}) {
    one->origin = 1;
    one->peer = "ibis";
    REQUIRE(world.accounts.add(*one).has_value());
  }
  world.reload();
}

}  // namespace

TEST_CASE("who speaks at a peer gets no credential, is not enabled, and has no standing here",
          "[access][administration]") {
  AccessWorld world;
  make_peer(world);
  auto wanted = credential();
  wanted.organisation = "ibis/3f0c2a4e";
  auto const refused = world.administration.add(wanted, kNow);
  CHECK(refusal(refused) == core::Code::conflict);
  CHECK(refused.error().detail.contains("speaks at ibis"));
  auto const directory = world.registry.current();
  CHECK(directory->peer_of(directory->organisation(std::string_view("ibis/3f0c2a4e"))->row) == "ibis");
  CHECK(directory->peer_of(99).empty());
  CHECK(refusal(world.administration.invite(wanted, kNow)) == core::Code::conflict);
  wanted.certificate = "URI:https://curlew.example";
  CHECK(refusal(world.administration.add(wanted, kNow)) == core::Code::conflict);
  for (bool disabled : {true, false})
    CHECK(refusal(world.administration.disable("ibis/3f0c2a4e", disabled)) == core::Code::conflict);
  CHECK(refusal(world.administration.set_standing("ibis/3f0c2a4e", "trusted")) == core::Code::conflict);
}

TEST_CASE("nothing is submitted in the name of a peer", "[access][administration]") {
  AccessWorld world;
  make_peer(world);
  auto wanted = credential();
  wanted.organisation = "ibis";
  for (char const* role : {"analyst", "submitter"}) {
    wanted.roles = {"peer", role};
    CHECK(refusal(world.administration.add(wanted, kNow)) == core::Code::bad_parameter);
  }
  wanted.roles = {"peer"};
  CHECK(world.administration.add(wanted, kNow).has_value());
}

TEST_CASE("a peer can be in an audience, and who speaks at it is in none", "[access][administration]") {
  AccessWorld world;
  make_peer(world);
  access::AudienceAdministration audiences(world.accounts, world.registry);
  CHECK(refusal(audiences.add({"ring", {"ibis", "ibis/3f0c2a4e"}, {}}, kNow)) == core::Code::conflict);
  REQUIRE(audiences.add({"ring", {"ibis"}, {}}, kNow).has_value());
  CHECK(refusal(audiences.propose("ring", "ibis/3f0c2a4e", 0, kNow)) == core::Code::conflict);
}
