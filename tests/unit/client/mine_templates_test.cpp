// The miner against random prompts: what it says is what enough accounts sent, whatever else is in the log.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "clients/cpp/mining/account_sample.hpp"
#include "clients/cpp/mining/mined.hpp"
#include "clients/cpp/mining/templates.hpp"
#include "clients/logs/line_values.hpp"
#include "schema/kinds/template_prints.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"

namespace tocsin::client {
namespace {

std::string fixed(char name, int words) {
  std::string out;
  for (int i = 0; i < words; ++i) out += std::string("fixed") + name + "x" + std::to_string(i) + " ";
  return out;
}

std::string slot(test::Random& random, std::size_t words) {
  std::string out;
  for (std::size_t i = 0; i < words; ++i) out += "slot" + std::to_string(random.below(5'000)) + " ";
  return out;
}

// Prompts of a few templates with two slots, each from some accounts, among prompts of their own.
std::vector<MinedPrompt> random_prompts(test::Random& random) {
  std::vector<MinedPrompt> out;
  for (char name = 'a'; name < 'e'; ++name) {
    auto const accounts = 1 + random.below(12);
    for (std::size_t i = 0; i < 40; ++i)
      out.push_back({static_cast<std::uint32_t>(random.below(accounts)),
                     fixed(name, 26) + slot(random, random.below(60)) + fixed(static_cast<char>(name - 'a' + 'A'), 9) +
                         slot(random, 1 + random.below(4))});
  }
  for (std::uint32_t i = 0; i < 200; ++i) out.push_back({i % 50, slot(random, random.below(80))});
  return out;
}

}  // namespace

TEST_CASE("all that a template says enough accounts sent", "[client][mine]") {
  test::Random random;
  for (int round = 0; round < 12; ++round) {
    auto const prompts = random_prompts(random);
    std::map<kinds::Print, std::set<std::uint32_t>> holders;
    for (auto const& prompt : prompts)
      for (auto const print : kinds::prints_of(prompt.text)) holders[print].insert(prompt.account);
    std::size_t expected = 0;
    for (char name = 'a'; name < 'e'; ++name)
      if (holders[kinds::prints_of(fixed(name, 3)).front()].size() >= 5) ++expected;
    auto const found = mined_templates(prompts, 5);
    CHECK(found.size() == expected);
    for (auto const& one : found) {
      auto const prints = kinds::prints_of(one.text);
      CHECK(prints.size() >= 20);
      CHECK(one.accounts.size() >= 5);
      CHECK(one.text.find("slot") == one.text.npos);
      CHECK(std::ranges::all_of(prints, [&](auto print) { return holders[print].size() >= 5; }));
    }
  }
}

TEST_CASE("a template has its words, and braces for what differs", "[client][mine]") {
  std::vector<MinedPrompt> prompts;
  for (std::uint32_t i = 0; i < 10; ++i) {
    auto const n = std::to_string(i);
    prompts.push_back({i % 5, "Intro" + n + ". " + fixed('a', 12) + "VALUE" + n + ", " + fixed('b', 12) + "end" + n});
  }
  auto const found = mined_templates(prompts, 5);
  REQUIRE(found.size() == 1);
  auto const a = fixed('a', 12), b = fixed('b', 12);
  CHECK(found[0].text == "{} " + a + "{} " + b + "{}");
  CHECK(found[0].slots == 3);
  CHECK(found[0].prompts == 10);
  CHECK(mined_templates(prompts, 6).empty());
}

TEST_CASE("prompts are mined alike in any order", "[client][mine]") {
  test::Random random;
  auto prompts = random_prompts(random);
  auto const texts = [](std::vector<MinedTemplate> const& all) {
    std::vector<std::string> out;
    for (auto const& one : all) out.push_back(one.text + std::to_string(one.accounts.size()));
    return out;
  };
  auto const first = texts(mined_templates(prompts, 5));
  for (auto i = prompts.size(); i > 1; --i) std::swap(prompts[i - 1], prompts[random.below(i)]);
  CHECK(texts(mined_templates(prompts, 5)) == first);
}

TEST_CASE("what may tell of a person is masked before anything is looked at", "[client][mine]") {
  CHECK(masked("write to bob@mail.example or +49-171-1234567,\n see https://example.test/x now 1234") ==
        "write to {} or {}\n see {} now 1234");
  CHECK(masked("") == "");
  CHECK(masked("  ") == "  ");
}

TEST_CASE("a sample of accounts is the same in any order, and no larger than it may be", "[client][mine]") {
  test::Random random;
  std::vector<logs::AccessRecord> requests;
  for (int i = 0; i < 3'000; ++i) {
    logs::AccessRecord request;
    request.account = "account-" + std::to_string(random.below(200));
    request.prompt = "prompt " + std::to_string(random.below(1'000));
    request.address = logs::parse_address("192.0.2." + std::to_string(random.below(256)));
    requests.push_back(std::move(request));
  }
  auto const told = [&] {
    AccountSample sample(300);
    for (auto const& request : requests) sample.add(request);
    CHECK(sample.seen() == 200);
    CHECK(sample.accounts().size() + sample.prompts() <= 300);
    CHECK(sample.accounts().size() > 20);
    std::string out;
    for (auto const& [_, account] : sample.accounts()) {
      CHECK(account.prompts.size() <= AccountSample::kPrompts);
      out += account.name + ":";
      for (auto const& [key, prompt] : account.prompts) out += prompt + ",";
      for (auto const& [key, address] : account.addresses) out += std::to_string(key) + ",";
    }
    return out;
  };
  auto const first = told();
  for (auto i = requests.size(); i > 1; --i) std::swap(requests[i - 1], requests[random.below(i)]);
  CHECK(told() == first);
}

TEST_CASE("a network stands only when others come from it far more rarely", "[client][mine]") {
  AccountSample sample;
  auto const add = [&](std::string const& account, std::string const& address, std::string prompt) {
    logs::AccessRecord request;
    request.account = account;
    request.prompt = std::move(prompt);
    request.address = logs::parse_address(address);
    sample.add(request);
  };
  for (int i = 0; i < 20; ++i) {
    auto const n = std::to_string(i);
    add("harvest-" + n, "203.0.113.9", fixed('a', 30) + n);
    add("harvest-" + n, "198.51.100.1", fixed('a', 30) + "again " + n);
    add("honest-" + n, i < 8 ? "198.51.100.1" : "192.0.2.5", "a question " + n);
  }
  auto const mined = mined_from(sample.accounts(), 5);
  REQUIRE(mined.templates.size() == 1);
  CHECK(mined.accounts.size() == 20);
  REQUIRE(mined.common.ranges.size() == 1);
  CHECK(kinds::to_text(mined.common.ranges[0].network) == "203.0.113.9");
}

}  // namespace tocsin::client
