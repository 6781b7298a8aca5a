// How many prompts that were made of templates are found, and how many of honest users are blamed: what
// docs/matching.md promises. Prints the figures.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "server/match/engine.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/filled_templates.hpp"
#include "tests/unit/match/world.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;

constexpr std::uint64_t kSeed = 2026;  // a gate whose figures may be compared
constexpr std::size_t kEach = 16;      // prompts of a template
std::string const kOwn = "server/admission/harm/benign_prompts.txt", kData = "../shared/data/",
                  kActs = kData + "f+awesome-chatgpt-prompts/prompts.csv",
                  kQuestions = kData + "lm-sys+FastChat/fastchat__llm_judge__data__";

class Templates {
 public:
  Templates() : all_(test::labelled_templates()) {
    std::vector<Change> changes;
    for (std::size_t at = 0; at < all_.size(); ++at) {
      auto entry = test::entry(static_cast<std::uint8_t>(at), "");
      entry.prints = kinds::prints_of(all_[at].text);
      changes.push_back(test::change(entry));
    }
    engine_.apply(changes, 1);
  }

  [[nodiscard]] std::vector<test::LabelledTemplate> const& all() const { return all_; }

  // By number, what a prompt hits.
  [[nodiscard]] std::vector<std::size_t> hit_by(std::string_view prompt) const {
    Item item;
    item.prints = kinds::prints_of(prompt);
    std::vector<std::size_t> out;
    for (auto const& hit : engine_.match(item, test::seeing_class_1()).hits) out.push_back(hit.indicator.id[0]);
    return out;
  }

  // Per cent of the prompts that `made` makes of a template's text which hit it.
  [[nodiscard]] double recall(auto const& made) const {
    std::size_t found = 0;
    for (std::size_t at = 0; at < all_.size(); ++at)
      for (std::size_t round = 0; round < kEach; ++round)
        found += static_cast<std::size_t>(std::ranges::count(hit_by(made(all_[at].text)), at));
    return 100.0 * static_cast<double>(found) / static_cast<double>(all_.size() * kEach);
  }

  // Per cent of prompts that hit any.
  [[nodiscard]] double blamed(std::vector<std::string> const& prompts) const {
    auto const hit = std::ranges::count_if(prompts, [&](auto const& one) { return !hit_by(one).empty(); });
    return 100.0 * static_cast<double>(hit) / static_cast<double>(prompts.size());
  }

 private:
  std::vector<test::LabelledTemplate> all_;
  Engine engine_;
};

std::string text_of(std::string const& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// RFC 4180, of which `column` is taken from each row but the first.
std::vector<std::string> column_of(std::string_view text, std::size_t column) {
  std::vector<std::string> out;
  std::vector<std::string> row(1);
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char const c = text[at];
    bool const doubled = quoted && c == '"' && at + 1 < text.size() && text[at + 1] == '"';
    if (doubled) {
      row.back() += c;
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted || (c != ',' && c != '\n')) {
      row.back() += c;
    } else if (c == ',') {
      row.emplace_back();
    } else {
      if (row.size() > column) out.push_back(row[column]);
      row.assign(1, "");
    }
  }
  if (!out.empty()) out.erase(out.begin());
  return out;
}

std::vector<std::string> public_prompts() {
  auto out = column_of(text_of(kActs), 1);
  for (auto const* name : {"mt_bench", "vicuna_bench"}) {
    std::ifstream file(kQuestions + name + "__question.jsonl");
    for (std::string line; std::getline(file, line);)
      for (auto const& turn : nlohmann::json::parse(line).at("turns")) out.push_back(turn.get<std::string>());
  }
  return out;
}

}  // namespace

TEST_CASE("Prompts that were made of templates are found, however long their slots are and though words were changed",
          "[match]") {
  Templates const templates;
  REQUIRE(templates.all().size() >= 40);
  test::Random random(kSeed);
  auto const with = [&](test::Slots slots) {
    return templates.recall([&](auto const& text) { return test::filled(text, slots, random); });
  };
  auto const changed = [&](std::size_t percent) {
    return templates.recall(
        [&](auto const& text) { return test::edited(test::filled(text, test::kShortSlots, random), percent, random); });
  };
  auto const in_short = with(test::kShortSlots), in_long = with(test::kLongSlots), tenth = changed(10),
             quarter = changed(25);
  std::cout << "of prompts made of " << templates.all().size() << " templates are found: " << in_short
            << " % with short slots, " << in_long << " % with long ones, " << tenth
            << " % where a tenth of the words was changed, " << quarter << " % where a quarter was\n";
  CHECK(in_short >= 95);
  CHECK(in_long >= 95);
  CHECK(tenth >= 90);
  CHECK(quarter >= 80);
}

TEST_CASE("Of honest prompts, judges of answers among them, at most one in a thousand hits a template", "[match]") {
  Templates const templates;
  std::vector<std::string> own;
  std::ifstream file(kOwn);
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && !line.starts_with('#')) own.push_back(line);
  REQUIRE(own.size() >= 200);
  CHECK(templates.blamed(own) <= 0.1);
  if (!std::filesystem::exists(kActs)) TOCSIN_SKIP("the public data sets are not here");
  auto const prompts = public_prompts();
  REQUIRE(prompts.size() > 900);
  auto const blamed = templates.blamed(prompts);
  std::cout << "of " << prompts.size() << " public prompts " << blamed << " % hit a template\n";
  CHECK(blamed <= 0.1);
}
