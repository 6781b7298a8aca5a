// Figures against what one would write down first: every pair, every minute, everything kept.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "clients/cpp/usage/digest.hpp"
#include "clients/cpp/usage/distinct.hpp"
#include "clients/cpp/usage/lock_step.hpp"
#include "clients/cpp/usage/pace.hpp"
#include "clients/cpp/usage/prompt_sample.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"

namespace tocsin::client {
namespace {

struct Asked {
  std::uint64_t account;
  std::int64_t minute;
};

// Some accounts that keep step with each other for a while, and some that do not.
std::vector<Asked> random_requests(test::Random& random, Window const& window) {
  std::vector<Asked> out;
  std::vector<std::int64_t> steps;
  for (int i = 0; i < 20; ++i) steps.push_back(window.first + static_cast<std::int64_t>(random.below(window.minutes)));
  auto const accounts = 1 + random.below(12);
  for (std::uint64_t account = 0; account < accounts; ++account)
    for (auto left = random.below(40); left > 0; --left)
      out.push_back({account * 7, random.chance(60)
                                      ? random.pick(steps)
                                      : window.first + static_cast<std::int64_t>(random.below(window.minutes))});
  return out;
}

double correlation(std::vector<double> const& one, std::vector<double> const& other) {
  auto const n = static_cast<double>(one.size());
  auto const mean_one = std::accumulate(one.begin(), one.end(), 0.0) / n;
  auto const mean_other = std::accumulate(other.begin(), other.end(), 0.0) / n;
  double both = 0, squares_one = 0, squares_other = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    both += (one[i] - mean_one) * (other[i] - mean_other);
    squares_one += (one[i] - mean_one) * (one[i] - mean_one);
    squares_other += (other[i] - mean_other) * (other[i] - mean_other);
  }
  return both / std::sqrt(squares_one * squares_other);
}

std::optional<double> naive_coefficient(std::vector<Asked> const& requests, Window const& window) {
  std::map<std::uint64_t, std::vector<double>> counts;
  for (auto const& asked : requests) {
    auto& of = counts[asked.account];
    of.resize(window.minutes);
    ++of[static_cast<std::size_t>(asked.minute - window.first)];
  }
  std::erase_if(counts,
                [](auto const& one) { return std::accumulate(one.second.begin(), one.second.end(), 0.0) < 10; });
  if (counts.size() < 5) return std::nullopt;
  double sum = 0;
  int pairs = 0;
  for (auto one = counts.begin(); one != counts.end(); ++one)
    for (auto other = std::next(one); other != counts.end(); ++other, ++pairs)
      sum += correlation(one->second, other->second);
  return std::clamp(sum / pairs, 0.0, 1.0);
}

std::size_t shared(std::vector<kinds::Print> const& one, std::vector<kinds::Print> const& other) {
  std::vector<kinds::Print> out;
  std::ranges::set_intersection(one, other, std::back_inserter(out));
  return out.size();
}

struct Prompt {
  std::uint64_t account;
  std::string text;
};

std::vector<Prompt> random_prompts(test::Random& random, std::size_t count) {
  std::vector<Prompt> out;
  for (std::size_t i = 0; i < count; ++i) {
    Prompt prompt{random.below(4), "prompt " + std::to_string(i)};
    auto const of = random.below(6);
    auto const words = random.chance(50) ? 30 : random.below(40);
    for (std::size_t word = 0; word < words && of > 0; ++word)
      prompt.text += " w" + std::to_string(of) + "x" + std::to_string(word);
    out.push_back(std::move(prompt));
  }
  return out;
}

}  // namespace

TEST_CASE("lock-step is the mean of the correlations of all pairs", "[client][usage]") {
  test::Random random;
  for (int round = 0; round < 300; ++round) {
    Window const window{-700 + static_cast<std::int64_t>(random.below(1'000)), 2 + random.below(400)};
    auto const requests = random_requests(random, window);
    LockStep lock_step;
    for (auto const& asked : requests) lock_step.add(asked.account, asked.minute);
    auto const expected = naive_coefficient(requests, window);
    auto const told = lock_step.coefficient(window);
    if (expected && !std::isnan(*expected)) {
      REQUIRE(told.has_value());
      CHECK(std::abs(*told - *expected) < 1e-9);
    } else if (!expected) {
      CHECK(!told.has_value());
    }
  }
}

TEST_CASE("when there is much, lock-step is told of some accounts, the same in any order of the log",
          "[client][usage]") {
  test::Random random;
  Window const window{0, 1'000};
  std::vector<Asked> requests;
  for (int account = 0; account < 400; ++account)
    for (int i = 0; i < 20; ++i) requests.push_back({digest(std::to_string(account)), i * 40 + account % 2});
  std::optional<double> first;
  for (int round = 0; round < 5; ++round) {
    for (auto i = requests.size(); i > 1; --i) std::swap(requests[i - 1], requests[random.below(i)]);
    LockStep lock_step(2'000);
    for (auto const& asked : requests) lock_step.add(asked.account, asked.minute);
    auto const told = lock_step.coefficient(window);
    REQUIRE(told);
    if (!first) first = told;
    CHECK(std::abs(*told - *first) < 1e-12);
  }
  CHECK(*first > 0.4);
  CHECK(*first < 0.56);
}

TEST_CASE("prompts are alike as every pair says", "[client][usage]") {
  test::Random random;
  for (int round = 0; round < 10; ++round) {
    auto const prompts = random_prompts(random, 100 + random.below(40));
    PromptSample sample;
    for (std::size_t i = 0; i < prompts.size(); ++i)
      sample.add(prompts[i].account, static_cast<std::int64_t>(i), prompts[i].text);
    std::vector<std::vector<kinds::Print>> prints;
    for (auto const& prompt : prompts) prints.push_back(kinds::prints_of(prompt.text));
    std::vector<std::size_t> group(prompts.size());
    std::iota(group.begin(), group.end(), std::size_t{0});
    std::set<std::size_t> repeated;
    for (std::size_t i = 0; i < prompts.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) {
        if (shared(prints[i], prints[j]) < PromptSample::kAlike) continue;
        if (prompts[i].account != prompts[j].account) {
          repeated.insert(i);
          repeated.insert(j);
        }
        std::ranges::replace(group, group[i], group[j]);
      }
    double entropy = 0;
    for (std::size_t of = 0; of < prompts.size(); ++of) {
      auto const share = static_cast<double>(std::ranges::count(group, of)) / static_cast<double>(prompts.size());
      if (share > 0) entropy -= share * std::log2(share);
    }
    auto const told = sample.structures();
    REQUIRE(told);
    CHECK(std::abs(told->entropy - entropy) < 1e-9);
    CHECK(std::abs(told->repeated - static_cast<double>(repeated.size()) / static_cast<double>(prompts.size())) < 1e-9);
  }
}

TEST_CASE("of many prompts a sample tells the share that repeats, whatever the order", "[client][usage]") {
  std::string fixed;
  for (int i = 0; i < 25; ++i) fixed += "fixed" + std::to_string(i) + " ";
  auto const add = [&](PromptSample& sample, int i) {
    auto const number = std::to_string(i);
    sample.add(static_cast<std::uint64_t>(i % 50), i, i % 4 == 0 ? fixed + number : "a question of its own " + number);
  };
  constexpr int kPrompts = 20'000;
  PromptSample forwards, backwards;
  for (int i = 0; i < kPrompts; ++i) add(forwards, i);
  for (int i = kPrompts; i-- > 0;) add(backwards, i);
  auto const told = forwards.structures(), again = backwards.structures();
  REQUIRE((told && again));
  CHECK(told->repeated == again->repeated);
  CHECK(std::abs(told->entropy - again->entropy) < 1e-9);
  CHECK(std::abs(told->repeated - 0.25) < 0.03);  // four standard deviations
}

TEST_CASE("percentiles and the entropy of hours are as a list of all minutes says", "[client][usage]") {
  test::Random random;
  for (int round = 0; round < 100; ++round) {
    Window const window{static_cast<std::int64_t>(random.below(100'000)) - 50'000, 60 + random.below(4'000)};
    std::vector<double> minutes(window.minutes);
    std::vector<double> hours(24);
    Pace pace;
    auto const requests = random.below(1'000);
    for (std::size_t i = 0; i < requests; ++i) {
      auto const at = random.below(random.chance(50) ? window.minutes : 30);
      auto const minute = window.first + static_cast<std::int64_t>(at);
      ++minutes[at];
      ++hours[static_cast<std::size_t>(((minute % 1'440) + 1'440) % 1'440 / 60)];
      pace.add(minute);
    }
    std::ranges::sort(minutes);
    auto const told = pace.minutely(window);
    REQUIRE(told);
    auto const place = [&](double share) {
      return minutes[static_cast<std::size_t>(std::ceil(share * static_cast<double>(minutes.size()) - 1e-9)) - 1];
    };
    CHECK(told->p50 == place(0.5));
    CHECK(told->p95 == place(0.95));
    CHECK(told->max == minutes.back());
    auto const entropy = pace.hours_entropy(window);
    REQUIRE(entropy.has_value() == (requests >= 240 && window.minutes >= 1'440));
    if (!entropy) continue;
    double expected = 0;
    for (auto const hour : hours)
      if (hour > 0) expected -= hour / static_cast<double>(requests) * std::log2(hour / static_cast<double>(requests));
    CHECK(std::abs(*entropy - expected) < 1e-9);
  }
}

TEST_CASE("different things are counted exactly while they are few, and within a percent when they are many",
          "[client][usage]") {
  Distinct few, many;
  constexpr std::size_t kMany = 1'000'000;
  for (std::size_t i = 0; i < kMany; ++i) {
    if (i < Distinct::kExact) few.add(digest(std::to_string(i)));
    many.add(digest(std::to_string(i)));
    many.add(digest(std::to_string(i / 2)));
  }
  CHECK(few.count() == Distinct::kExact);
  CHECK(many.count() > kMany * 99 / 100);
  CHECK(many.count() < kMany * 101 / 100);
}

}  // namespace tocsin::client
