#include "tests/integration/access/random_world.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

#include "schema/core/bytes.hpp"
#include "schema/stix/marking.hpp"

namespace tocsin::test {
namespace {

using nlohmann::json;

constexpr char const* kIndicatorExtension = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa";
constexpr std::array<char const*, 5> kLevels{"clear", "green", "amber", "amber+strict", "red"};

std::string type_of(std::string const& id) { return id.substr(0, id.find("--")); }

// Never changes within a chain, as with an asserter who knows what it saw.
std::string kind_of(std::string const& id) {
  std::string type = type_of(id);
  if (type != "indicator") return type;
  return id.back() < '6' ? "ip-range" : id.back() < 'c' ? "proxy-asn" : type;
}

std::string text(json const& document, char const* name) { return document.at(name).get<std::string>(); }

}  // namespace

void expect_equal(std::string const& got, std::string const& want, std::string const& what) {
  if (got != want) throw Difference(what + "\n  got  " + got + "\n  want " + want);
}

RandomWorld::RandomWorld(Random& random) : random_(random) {
  for (char const* type :
       {"indicator", "indicator", "indicator", "campaign", "campaign", "ipv4-addr", "marking-definition"})
    for (int i = 0; i < 2; ++i) ids_.push_back(std::string(type) + "--" + uuid());
  for (auto const& id : ids_)
    if (type_of(id) == "marking-definition") statements_.push_back(id);
  levels_ = {"613f2e26-407d-48c7-9eca-b8e91df99dc9", "34098fce-860f-48ae-8e50-ebd3cc5e41da",
             "f88d31f6-486f-44da-b317-01333bde0b82", "5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
             "94868c89-83c2-464b-929b-a1a8aa3c8487", "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
             "55d920b0-5e8b-4f79-9ee9-91f868d9b421", "939a9414-2ddd-4d32-a0cd-375ea402b003",
             "e828b379-4e03-4974-9ac4-e53a884c97c1", "826578e1-40ad-459f-bc73-ede076f81f37"};
  for (auto& level : levels_) level = "marking-definition--" + level;
  for (char const* type : {"lab", "cloud", "government", "other"}) {
    auto clearance = random_.below(kLevels.size());
    std::string name = std::string("member ") + type;
    std::string authority = std::string(type) == "government" && random_.chance(80) ? "aa" : "";
    server_.add_organisation(name, type, kLevels[clearance], authority);
    facts_.organisations.push_back({name, type, static_cast<int>(clearance), authority});
    // The first credentials see everything of their own organisation: the dates are learnt with them.
    facts_.credentials.push_back(
        {server_.add_token(name, "analyst"), facts_.organisations.size() - 1, {"analyst"}, {}, {}, {}});
  }
  for (char const* title : {"one", "two", "three"}) {
    auto level = random_.below(kLevels.size());
    facts_.collections.push_back({server_.add_collection(title, kLevels[level]), title, static_cast<int>(level)});
  }
  for (char const* name : {"ring", "circle"}) {
    model::Audience made{name, "", {{}}, {}};
    access::NewAudience wanted{name, {}, {}};
    for (std::size_t i = 0; i < facts_.organisations.size(); ++i)
      if (random_.chance(60) || (i == 0 && wanted.members.empty())) {
        made.epochs.front().insert(i);
        wanted.members.push_back(facts_.organisations[i].name);
      }
    made.marking = server_.add_audience(wanted);
    facts_.audiences.push_back(std::move(made));
  }
  for (std::set<std::string> const& codes : {std::set<std::string>{"aa", "bb"}, std::set<std::string>{"bb"}}) {
    std::string name = "to" + std::to_string(codes.size());
    auto marking = server_.add_audience({name, {}, {codes.begin(), codes.end()}});
    facts_.audiences.push_back({name, marking, {}, codes});
  }
  for (auto const& audience : facts_.audiences) audiences_.push_back(audience.marking);
  for (int i = 0; i < 8; ++i) add_credential();
}

void RandomWorld::change_audience() {
  auto& audience = facts_.audiences[random_.below(2)];
  auto organisation = random_.below(facts_.organisations.size());
  auto members = audience.epochs.back();
  auto const& name = facts_.organisations[organisation].name;
  if (members.erase(organisation) > 0) {
    server_.remove_member(audience.name, name);
  } else {
    members.insert(organisation);
    server_.add_member(audience.name, name);
  }
  audience.epochs.push_back(std::move(members));
}

std::string RandomWorld::uuid() {
  core::Uuid out{};
  for (auto& byte : out) byte = static_cast<std::uint8_t>(random_.below(256));
  out[6] = static_cast<std::uint8_t>(0x40 | (out[6] & 0x0F));
  out[8] = static_cast<std::uint8_t>(0x80 | (out[8] & 0x3F));
  return core::to_text(out);
}

void RandomWorld::add_credential() {
  model::Credential made;
  made.organisation = random_.below(facts_.organisations.size());
  access::NewCredential wanted{facts_.organisations[made.organisation].name, {}, "", {}, {}, {}, {}, {}};
  for (char const* role : {"submitter", "analyst", "feed", "liaison"})
    if (random_.chance(30)) made.roles.insert(role);
  if (made.roles.empty()) made.roles.insert("feed");
  wanted.roles.assign(made.roles.begin(), made.roles.end());
  if (random_.chance(40)) {
    made.highest = static_cast<int>(random_.below(kLevels.size()));
    wanted.max_tlp = kLevels[static_cast<std::size_t>(*made.highest)];
  }
  if (random_.chance(30)) {
    for (char const* kind :
         {"ip-range", "proxy-asn", "indicator", "campaign", "ipv4-addr", "marking-definition", "usage-profile"})
      if (random_.chance(35)) made.kinds.emplace_back(kind);
    wanted.kinds = made.kinds;
  }
  if (random_.chance(30)) {
    for (std::size_t i = 0; i < facts_.collections.size(); ++i)
      if (random_.chance(60)) made.collections.insert(i);
    for (auto i : made.collections) wanted.collections.push_back(facts_.collections[i].id);
  }
  made.token = server_.add_token(wanted);
  facts_.credentials.push_back(std::move(made));
}

void RandomWorld::write() {
  auto organisation = random_.below(facts_.organisations.size());
  auto collection = random_.below(facts_.collections.size());
  random_.chance(15) ? withdraw(organisation, collection) : submit(organisation, collection);
  if (random_.chance(10)) change_audience();
  learn_dates(organisation, collection);
}

std::vector<std::string> RandomWorld::markings(bool two) {
  std::vector<std::string> out;
  if (random_.chance(70)) out.push_back(random_.pick(levels_));
  if (two && random_.chance(25)) out.push_back(random_.pick(statements_));
  if (two && random_.chance(15)) out.push_back(random_.pick(levels_));
  if (two && random_.chance(40)) out.push_back(random_.pick(audiences_));
  if (two && random_.chance(10)) out.push_back(random_.pick(audiences_));
  if (two && random_.chance(5)) out.push_back("marking-definition--" + uuid());
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

model::Object RandomWorld::object(std::size_t organisation, std::string const& id) {
  model::Object made{id, type_of(id), kind_of(id), "", "", true, false, false, {}};
  json document{{"id", id}, {"type", made.type}, {"spec_version", "2.1"}};
  auto& usual = usual_markings_[{organisation, id}];
  if (usual.empty() || random_.chance(10)) usual = markings(made.type != "marking-definition");
  if (made.kind != made.type) keep_floor(usual);
  made.markings = usual;
  auto whole = made.markings;
  if (made.type != "marking-definition" && !whole.empty() && random_.chance(30)) {
    document["granular_markings"] = {
        {{"marking_ref", whole.back()}, {"selectors", {made.type == "ipv4-addr" ? "value" : "name"}}}};
    whole.pop_back();
  }
  if (!whole.empty()) document["object_marking_refs"] = whole;
  std::string other = std::to_string(random_.below(3));  // the same version with other content happens, but not often
  made.versioned = made.type == "indicator" || made.type == "campaign";
  if (made.versioned) {
    made.revoked = random_.chance(2);
    int year = made.revoked ? ++year_ : 2001 + static_cast<int>(random_.below(4));
    made.version = std::to_string(year) + "-01-01T00:00:00." +
                   (random_.chance(50) ? "5" + std::to_string(random_.below(3)) + "1Z" : "500001Z");
    document["created"] = "2000-01-01T00:00:00.000Z";
    document["modified"] = made.version;
    if (made.revoked) document["revoked"] = true;
    document["name"] = random_.chance(90) ? "n" : other;
  }
  if (made.type == "indicator") {
    document["pattern"] = "[ipv4-addr:value = '203.0.113.7']";
    document["pattern_type"] = "stix";
    document["valid_from"] = "2000-01-01T00:00:00.000Z";
    if (made.kind != made.type)
      document["extensions"] = {
          {kIndicatorExtension, {{"extension_type", "property-extension"}, {"indicator_kind", made.kind}}}};
  } else if (made.type == "ipv4-addr") {
    document["value"] = "203.0.113." + other;
  } else if (made.type == "marking-definition") {
    made.statement = true;
    made.version = "2000-01-01T00:00:00.000Z";
    document["created"] = made.version;
    document["definition_type"] = "statement";
    document["definition"] = {{"statement", "s" + other}};
  }
  made.bytes = document.dump();
  return made;
}

// What is of a kind with a floor of GREEN is refused below it: this world tells who sees what is stored.
void RandomWorld::keep_floor(std::vector<std::string>& markings) {
  auto const level = [](std::string const& id) { return stix::tlp_of(*stix::Identifier::parse(id)); };
  std::erase_if(markings, [&](std::string const& id) { return level(id) == stix::Tlp::clear; });
  if (std::ranges::none_of(markings, [&](std::string const& id) { return level(id).has_value(); }))
    markings.push_back(std::string(stix::tlp2_id(stix::Tlp::green)));
  std::ranges::sort(markings);
}

void RandomWorld::submit(std::size_t organisation, std::size_t collection) {
  std::vector<model::Object> objects;
  std::vector<std::string> texts;
  for (std::size_t i = 1 + random_.below(6); i > 0; --i) objects.push_back(object(organisation, random_.pick(ids_)));
  for (auto const& one : objects) texts.push_back(one.bytes);
  auto answer = server_.submit(facts_.collections[collection].id, facts_.credentials[organisation].token, texts);
  if (answer.status != 202)
    throw Difference("a submission was answered with " + std::to_string(answer.status) + ": " + answer.body);
  auto document = json::parse(answer.body);
  Submission made{text(document, "id"), organisation, {}, {}};
  std::string got, want;
  // Definitions of statements are stored first: they decide who sees the others.
  std::vector<model::Object> first, then;
  for (auto& one : objects) (one.statement ? first : then).push_back(std::move(one));
  objects = std::move(first);
  std::ranges::move(then, std::back_inserter(objects));
  auto accepted = facts_.submit(organisation, collection, objects);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (accepted[i])
      made.accepted.emplace_back(objects[i].id, objects[i].version);
    else
      made.refused.push_back(objects[i].id);
  }
  for (auto const& one : made.accepted) want += one.first + "\n";
  for (auto const& one : made.refused) want += "refused " + one + "\n";
  for (auto const& one : document.at("successes")) got += text(one, "id") + "\n";
  for (auto const& one : document.at("failures")) got += "refused " + text(one, "id") + "\n";
  expect_equal(got, want, "what a submission accepts: " + answer.body);
  submissions_.push_back(std::move(made));
}

void RandomWorld::withdraw(std::size_t organisation, std::size_t collection) {
  std::string id = random_.pick(ids_), version;
  if (type_of(id) == "indicator" && random_.chance(60))
    for (auto const& one : facts_.publications)
      if (one.organisation == organisation && one.object.id == id && random_.chance(50)) version = one.object.version;
  Call call;
  call.method = "DELETE";
  call.target = "/taxii2/root/collections/" + facts_.collections[collection].id + "/objects/" + id + "/";
  if (!version.empty()) call.target += "?match[version]=" + version;
  call.token = facts_.credentials[organisation].token;
  bool there = facts_.withdraw(organisation, collection, id, version) > 0;
  expect_equal(std::to_string(server_.ask(call).status), there ? "200" : "404", "DELETE " + call.target);
}

// What is new in the manifest that the asserter sees in full, in order.
void RandomWorld::learn_dates(std::size_t organisation, std::size_t collection) {
  auto answer = server_.get(
      "/taxii2/root/collections/" + facts_.collections[collection].id + "/manifest/?match[version]=all&limit=10000",
      facts_.credentials[organisation].token);
  std::set<std::string> known;
  for (auto const& one : facts_.publications) known.insert(one.date);
  auto document = json::parse(answer.body);
  for (auto const& row : document.at("objects")) {
    std::string id = text(row, "id"), version = text(row, "version"), date = text(row, "date_added");
    if (known.contains(date)) continue;
    for (auto& one : facts_.publications) {
      if (!one.date.empty() || one.object.id != id) continue;
      if (!one.object.version.empty() && one.object.version != version) continue;
      one.date = date;
      break;
    }
  }
  std::string previous;
  for (auto const& one : facts_.publications) {
    if (one.date <= previous) throw Difference(one.object.id + " has the date " + one.date + " after " + previous);
    previous = one.date;
  }
}

std::string RandomWorld::version_in_status(std::size_t organisation, std::string const& id,
                                           std::string const& version) const {
  if (!version.empty()) return version;
  for (auto const& one : facts_.publications)
    if (one.organisation == organisation && one.object.id == id) return one.date;
  throw std::logic_error("nothing was published of " + id);
}

}  // namespace tocsin::test
