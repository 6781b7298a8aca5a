// The part of Mesh that decides what happens, and when: the plan of a seed.
#include <algorithm>
#include <array>
#include <ctime>

#include "tests/simulation/mesh.hpp"

namespace tocsin::simulation {
namespace {

constexpr std::int64_t kTroubled = 55 * kSecond;  // what happens begins by then
constexpr std::size_t kInCommon = 4;  // entries of one numbering that all peers of who hides heads are shown
constexpr std::pair<stix::Tlp, char const*> kLevels[] = {
    {stix::Tlp::clear, "94868c89-83c2-464b-929b-a1a8aa3c8487"},
    {stix::Tlp::green, "bab4a63c-aed9-4cf5-a766-dfca5abac2bb"},
    {stix::Tlp::amber, "55d920b0-5e8b-4f79-9ee9-91f868d9b421"},
    {stix::Tlp::amber_strict, "939a9414-2ddd-4d32-a0cd-375ea402b003"},
    {stix::Tlp::red, "e828b379-4e03-4974-9ac4-e53a884c97c1"},
};

std::string instant(std::int64_t ms) {
  std::time_t const seconds = ms / 1'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  auto const thousandths = std::to_string(1'000 + ms % 1'000).substr(1);
  return std::string(text.data()) + "." + thousandths + "Z";
}

core::Uuid uuid_of(test::Random& random) {
  core::Uuid out;
  for (auto& byte : out) byte = static_cast<std::uint8_t>(random.below(256));
  out[6] = static_cast<std::uint8_t>(0x40 | (out[6] & 0x0f));
  out[8] = static_cast<std::uint8_t>(0x80 | (out[8] & 0x3f));
  return out;
}

std::string indicator(Said const& said, std::string const& creator, std::size_t address) {
  std::string marking;
  for (auto const& [level, id] : kLevels)
    if (level == said.level) marking = id;
  return R"({"type":"indicator","spec_version":"2.1","id":"indicator--)" + core::to_text(said.uuid) +
         R"(","created_by_ref":")" + creator + R"(","created":"2026-01-01T10:00:00.000Z","modified":")" +
         said.modified + R"(","indicator_types":["malicious-activity"],"pattern":"[ipv4-addr:value = '203.0.113.)" +
         std::to_string(address) +
         R"(']","pattern_type":"stix","valid_from":"2026-01-01T10:00:00Z","object_marking_refs":["marking-definition--)" +
         marking + R"("]})";
}

// Between one and the others beginning with any: two who are severed from it and follow each other read it through two
// relays, and where all are, relays lead in a circle.
void sever(Scenario& scenario, test::Random& random) {
  auto const from = random.below(scenario.instances), first = random.below(scenario.instances);
  auto const count = 1 + random.below(scenario.instances - 1);
  for (std::size_t i = 0; i < count; ++i)
    if (auto const other = (first + i) % scenario.instances; other != from)
      scenario.severed.insert(std::minmax(from, other));
  scenario.hiding.reset();  // who is kept in the dark may not be able to ask those who know
}

}  // namespace

Scenario scenario_of(std::uint64_t seed) {
  test::Random random(seed * 2 + 1);
  Scenario out;
  auto const lot = random.below(1'000);
  out.instances = lot < 750 ? 3 : lot < 900 ? 4 : lot < 970 ? 5 : lot < 997 ? 7 : 20;
  if (random.chance(50)) out.liar = random.below(out.instances);
  out.said = out.instances * (2 + random.below(5));
  out.recalled = random.below(4);
  out.crashes = random.below(4);
  out.cuts = random.below(4);
  out.skew_us = static_cast<std::int64_t>(random.below(120)) * kSecond;
  Hiding const hiding{random.below(out.instances), 0};
  if (bool const hides = random.chance(40); hides && out.liar != hiding.by)
    if (auto const from = (hiding.by + 1) % out.instances; out.liar != from) out.hiding = Hiding{hiding.by, from};
  if (random.chance(33)) sever(out, random);
  return out;
}

void Mesh::plan() {
  auto const some_time = [&](Event event) { at(kBeginning + within(kTroubled), std::move(event)); };
  auto const anybody = [&] { return random_.below(instances_.size()); };
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    instances_[i]->clock.skew_us = within(2 * scenario_.skew_us + 1) - scenario_.skew_us;
    start(i);
    later(within(8 * kSecond), [this, i] { stay_fresh(i); });
    later(within(10 * kSecond), [this, i] { log_heads(i); });
    later(within(10 * kSecond), [this, i] { compare_heads(i); });
  }
  for (std::size_t i = 0; i < scenario_.said; ++i)
    some_time([this, one = anybody(), again = random_.chance(25)] { again ? say_again(one) : say(one); });
  for (std::size_t i = 0; scenario_.hiding && i < kInCommon; ++i)
    some_time([this, one = scenario_.hiding->by] { say_to_all(one); });
  for (std::size_t i = 0; i < scenario_.recalled; ++i) some_time([this, one = anybody()] { take_back(one); });
  for (std::size_t i = 0; i < scenario_.crashes; ++i) some_time([this, one = anybody()] { crash(one); });
  for (std::size_t i = 0; i < scenario_.cuts; ++i) some_time([this] { cut(); });
}

void Mesh::say(std::size_t one) {
  if (!can_act(one)) return;
  Said said{one,
            random_.below(kMembers),
            kCollections[random_.below(2)],
            kLevels[random_.below(std::size(kLevels))].first,
            uuid_of(random_),
            instances_[one]->clock.now_us() / kMillisecond};
  said.in_anothers_name = !is_honest(one) && random_.chance(30);
  publish_version(std::move(said));
}

// By whom everybody lets speak, in what everybody exchanges.
void Mesh::say_to_all(std::size_t one) {
  if (!can_act(one)) return;
  publish_version(
      {one, 0, kCollections[0], stix::Tlp::clear, uuid_of(random_), instances_[one]->clock.now_us() / kMillisecond});
}

// A newer version of what was said, if there is anything.
void Mesh::say_again(std::size_t one) {
  if (!can_act(one)) return;
  std::vector<Said> own;
  for (auto const& said : oracle_.all())
    if (said.origin == one && !said.recalled && !said.in_anothers_name) own.push_back(said);
  if (own.empty()) return say(one);
  auto said = random_.pick(own);
  for (auto const& other : own)
    if (other.uuid == said.uuid) said.modified_ms = std::max(said.modified_ms, other.modified_ms);
  said.modified_ms = std::max(said.modified_ms + 1, instances_[one]->clock.now_us() / kMillisecond);
  publish_version(std::move(said));
}

void Mesh::publish_version(Said said) {
  auto const one = said.origin;
  said.modified = instant(said.modified_ms);
  auto const& own = founding_.of(one).identities[said.member];
  Submitted what{said.member, said.collection, indicator(said, own, 1 + random_.below(200))};
  if (said.in_anothers_name) what.altered = {own, founding_.of((one + 1) % founding_.size()).identities[said.member]};
  instances_[one]->submit(what);
  history_.note(instances_[one]->name() + " says " + core::to_text(said.uuid) + " at " +
                std::string(stix::name(said.level)) + (said.in_anothers_name ? " in another's name" : ""));
  oracle_.said(std::move(said));
  headless_.insert(one);
  grown(one);
}

void Mesh::take_back(std::size_t one) {
  if (!can_act(one)) return;
  std::vector<Said> own;
  for (auto const& said : oracle_.all())
    if (said.origin == one && !said.recalled && !said.in_anothers_name) own.push_back(said);
  if (own.empty()) return;
  auto const& said = random_.pick(own);
  auto const position = instances_[one]->recall(said.member, said.uuid);
  if (!position) return;
  history_.note(instances_[one]->name() + " recalls " + core::to_text(said.uuid));
  oracle_.recalled(said.uuid);
  taken_back_[one].push_back({*position, said.uuid});
  grown(one);
}

// One link, or everybody on one side from everybody on the other.
void Mesh::cut() {
  std::vector<std::pair<std::size_t, std::size_t>> links;
  auto const border = random_.below(instances_.size());
  bool const whole = random_.chance(50);
  for (std::size_t i = 0; i < instances_.size(); ++i)
    for (std::size_t j = i + 1; j < instances_.size(); ++j)
      if (founding_.are_peers(i, j) && (whole ? i <= border && border < j : i == border)) links.emplace_back(i, j);
  history_.note("the network is cut at n" + std::to_string(border));
  for (auto const& [i, j] : links) network_.cut(i, j);
  later(2 * kSecond + within(15 * kSecond), [this, links] {
    for (auto const& [i, j] : links) network_.mend(i, j);
  });
}

}  // namespace tocsin::simulation
