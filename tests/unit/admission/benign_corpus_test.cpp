#include "server/admission/harm/benign_corpus.hpp"

#include <nlohmann/json.hpp>

#include "server/admission/harm/allow_lists.hpp"
#include "server/admission/harm/templates.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using admission::harm::BenignCorpus;
using kinds::prints_of;

TEST_CASE("a template is found where three fingerprints and a fifth of it are", "[admission][harm]") {
  BenignCorpus const corpus({prints_of("one two three four five"), prints_of("one two three four"), prints_of("six")});
  CHECK(corpus.size() == 3);
  CHECK(corpus.hits(prints_of("one two three four five")) == 1);
  CHECK(corpus.hits(prints_of("zero one two three four five six seven eight nine ten")) == 1);
  CHECK(corpus.hits(prints_of("one two three four")) == 0);
  // Three of sixteen are less than a fifth.
  CHECK(corpus.hits(prints_of("one two three four five k l m n o p q r s t u v w")) == 0);
  CHECK(corpus.hits({}) == 0);
  CHECK(BenignCorpus().hits(prints_of("one two three four five")) == 0);
}

TEST_CASE("the program comes with a few hundred prompts in which templates can be found", "[admission][harm]") {
  auto const& corpus = admission::harm::own_corpus();
  CHECK(corpus.size() >= 200);
  // Each is found in itself, and so none is too short.
  std::size_t found = 0, lines = 0;
  auto text = admission::harm::benign_prompts();
  while (!text.empty()) {
    auto const end = text.find('\n');
    auto const line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    ++lines;
    auto const prints = prints_of(line);
    INFO(line);
    CHECK(prints.size() >= 3);
    if (corpus.hits(prints) >= 1) ++found;
  }
  CHECK(lines == corpus.size());
  CHECK(found == lines);
}

TEST_CASE("a prompt on a list is its fingerprints, and its text is nowhere", "[admission][harm]") {
  std::string const prompt = "Summarise the minutes of our meeting for those who were away.";
  auto const text = admission::harm::entry_text(store::AllowKind::prompts, prompt);
  REQUIRE(text.has_value());
  CHECK(admission::harm::prints_in(*text) == prints_of(prompt));
  CHECK(text->find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK_FALSE(admission::harm::entry_text(store::AllowKind::prompts, "Write a poem").has_value());
  std::string longer;
  for (int i = 0; i < 2'000; ++i) longer += std::to_string(i) + " ";
  CHECK(admission::harm::prints_in(*admission::harm::entry_text(store::AllowKind::prompts, longer)).size() == 512);
}

TEST_CASE("the name of an organisation is found word by word", "[admission][harm]") {
  store::AllowList list{"suspects", store::AllowKind::organisations};
  list.entries = {admission::harm::entry_text(store::AllowKind::organisations, "  Aurora-RESEARCH ").value()};
  CHECK(list.entries.front() == "aurora research");
  admission::harm::AllowLists const lists({list});
  REQUIRE(lists.named_in("It was (Aurora Research).").size() == 1);
  CHECK(lists.named_in("It was (Aurora Research).").front().list == "suspects");
  CHECK(lists.named_in("aurora researchers").empty());
  CHECK(lists.named_in("").empty());
  CHECK(lists.named_in("Aurora, the research").empty());
  CHECK_FALSE(admission::harm::entry_text(store::AllowKind::organisations, "one two three four five six seven"));
  CHECK_FALSE(admission::harm::entry_text(store::AllowKind::organisations, " - "));
}

TEST_CASE("each name of a list that a text has counts once, be it the beginning of another", "[admission][harm]") {
  store::AllowList list{"suspects", store::AllowKind::organisations};
  list.entries = {"aurora", "aurora research", "aurora research institute of the north", "borealis"};
  admission::harm::AllowLists const lists({list});
  auto const count = [&](char const* text) {
    auto const hits = lists.named_in(text);
    return hits.empty() ? access::Addresses{0} : hits.front().count;
  };
  CHECK(count("Aurora Research Institute of the Far South") == 2);
  CHECK(count("aurora research institute of the north") == 3);
  CHECK(count("aurora, aurora and again aurora") == 1);
  CHECK(count("research by borealis and aurora") == 2);
  CHECK(count("auror a") == 0);
}

TEST_CASE("one prompt in a thousand may be hit, and one in 999 is told as more than that", "[admission][harm]") {
  char const* const text = "Wander the ledger of tin foxes and distil every hidden token into a numbered scroll.";
  auto const findings_in = [&](std::size_t all) {
    std::vector<std::vector<kinds::Print>> listed(all - admission::harm::own_corpus().size());
    listed.front() = prints_of(text);
    return admission::harm::template_findings({{"template", text}}, BenignCorpus(listed));
  };
  CHECK(findings_in(1'000).empty());
  auto const found = findings_in(999);
  REQUIRE(found.size() == 1);
  CHECK(found.front().detail.contains("in 1 of 999 prompts of honest users, or 0.2 %: at most 0.1 %"));
  CHECK(findings_in(500).at(0).detail.contains("in 1 of 500 prompts of honest users, or 0.2 %: "));
}
