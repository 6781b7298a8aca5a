// Prompts against many prompt templates: containment of fingerprints (server/match/print_index.hpp) beside TLSH, whose
// digest of a prompt is held against that of every template. How fast, with what each needs of the text, and how many
// prompts that were made of a template are found. Prints one line of JSON.
//
// usage: match_templates TEMPLATES PROMPTS
#include <tlsh.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "server/match/print_index.hpp"
#include "tests/support/filled_templates.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;
using test::Random;

constexpr std::size_t kPromptBytes = 1'024;
constexpr int kNear = 100;  // a distance up to which digests are held to be of one text

[[noreturn]] void fail(char const* what) {
  std::fprintf(stderr, "match_templates: %s\n", what);
  std::exit(1);
}

// The best of three: what else the machine does only adds.
double best_us(std::size_t count, auto const& work) {
  double best = 1e9;
  for (int round = 0; round < 3; ++round) {
    auto const started = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  }
  return best * 1e6 / static_cast<double>(count);
}

// Words as texts have them: few are frequent.
std::string text(Random& random, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) {
    auto const rank = random.below(1 + random.below(1 + random.below(20'000)));
    out += (out.empty() ? "w" : " w") + std::to_string(rank);
  }
  return out;
}

std::string some_template(Random& random) {
  return text(random, 300) + " {first} " + text(random, 200) + " {second} " + text(random, 100);
}

void digest(std::string const& of, Tlsh& out) {
  out.update(reinterpret_cast<unsigned char const*>(of.data()), static_cast<unsigned>(of.size()));
  out.final();
}

class Templates {
 public:
  explicit Templates(std::vector<std::string> const& texts) : digests_(texts.size()) {
    Prints prints;
    for (std::size_t at = 0; at < texts.size(); ++at) {
      prints.add(kinds::prints_of(texts[at]), static_cast<IndicatorNumber>(at));
      digest(texts[at], digests_[at]);
    }
    index_.emplace_back(std::move(prints), sets_);
  }

  // each(template) for all that are found.
  void by_containment(std::vector<kinds::Print> const& prints, auto const& each) const {
    std::vector<PrintIndex::Met> met;
    std::size_t left = PrintIndex::kMostPostings;
    if (!index_[0].find(prints, left, met)) fail("a prompt was not looked up as a whole");
    for (auto const& one : met) each(sets_.newest(one.set));
  }
  void by_digest(std::string const& prompt, auto const& each) const {
    Tlsh of;
    digest(prompt, of);
    for (std::size_t at = 0; at < digests_.size(); ++at)
      if (of.totalDiff(&digests_[at]) <= kNear) each(at);
  }
  [[nodiscard]] std::size_t bytes() const { return index_[0].bytes() + sets_.bytes(); }

 private:
  SetTable sets_;
  std::vector<PrintIndex> index_;  // of one
  std::vector<Tlsh> mutable digests_;
};

void speed(std::size_t templates, std::size_t prompts) {
  Random random(50);
  std::vector<std::string> texts(templates), asked(prompts);
  for (auto& one : texts) one = some_template(random);
  for (std::size_t at = 0; at < prompts; ++at) {
    // Every second one was made of a template.
    asked[at] = at % 2 == 0 ? text(random, kPromptBytes)
                            : test::filled(texts[random.below(templates)], {150, 250}, random).substr(0, kPromptBytes);
  }
  Templates const all(texts);
  std::vector<std::vector<kinds::Print>> prints(prompts);
  auto const normalise = best_us(prompts, [&] {
    for (std::size_t at = 0; at < prompts; ++at) prints[at] = kinds::prints_of(asked[at]);
  });
  std::size_t hits = 0;
  auto const lookup = best_us(prompts, [&] {
    hits = 0;
    for (auto const& one : prints) all.by_containment(one, [&](auto) { ++hits; });
  });
  if (hits < prompts / 2) fail("a prompt does not hit its template");
  std::size_t const few = std::min<std::size_t>(prompts, 500);
  std::size_t near = 0;
  auto const tlsh = best_us(few, [&] {
    for (std::size_t at = 0; at < few; ++at) all.by_digest(asked[at], [&](auto) { ++near; });
  });
  std::printf("\"normalise_us\":%.2f,\"lookup_us\":%.2f,\"tlsh_us\":%.1f,\"bytes\":%zu,", normalise, lookup, tlsh,
              all.bytes());
}

void recall(char const* name, std::function<std::string(std::string const&, Random&)> const& made, char const* end) {
  constexpr std::size_t kEach = 16;
  Random random(51);
  std::vector<std::string> texts;
  for (auto& one : test::labelled_templates()) texts.push_back(std::move(one.text));
  Templates const all(texts);
  std::size_t contained = 0, near = 0;
  for (std::size_t at = 0; at < texts.size(); ++at)
    for (std::size_t round = 0; round < kEach; ++round) {
      auto const prompt = made(texts[at], random);
      all.by_containment(kinds::prints_of(prompt), [&](auto found) { contained += found == at ? 1U : 0U; });
      all.by_digest(prompt, [&](auto found) { near += found == at ? 1U : 0U; });
    }
  auto const percent = 100.0 / static_cast<double>(texts.size() * kEach);
  std::printf("\"%s\":{\"containment\":%.1f,\"tlsh\":%.1f}%s", name, static_cast<double>(contained) * percent,
              static_cast<double>(near) * percent, end);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::printf("result {");
  speed(static_cast<std::size_t>(std::atol(argv[1])), static_cast<std::size_t>(std::atol(argv[2])));
  recall("short", [](auto const& of, Random& random) { return test::filled(of, test::kShortSlots, random); }, ",");
  recall("long", [](auto const& of, Random& random) { return test::filled(of, test::kLongSlots, random); }, ",");
  recall(
      "changed",
      [](auto const& of, Random& random) {
        return test::edited(test::filled(of, test::kShortSlots, random), 25, random);
      },
      "}\n");
}
