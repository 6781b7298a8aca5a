#include "tests/support/filled_templates.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

namespace tocsin::test {
namespace {

constexpr std::size_t kSwapped = 90;  // of a hundred words that have a synonym

std::map<std::string, std::string, std::less<>> const kSynonyms{
    {"answer", "reply"},     {"question", "query"},     {"task", "assignment"},   {"write", "compose"},
    {"explain", "clarify"},  {"step", "stage"},         {"each", "every"},        {"every", "each"},
    {"list", "enumerate"},   {"problem", "exercise"},   {"solution", "result"},   {"following", "subsequent"},
    {"below", "underneath"}, {"reasoning", "thinking"}, {"detailed", "thorough"}, {"complete", "full"},
    {"score", "grade"},      {"candidate", "proposed"}, {"response", "reply"},    {"instruction", "directive"},
    {"text", "passage"},     {"given", "provided"},     {"return", "deliver"},    {"only", "solely"},
    {"before", "prior"}};

std::vector<std::string> const kFilling{
    "harbour",  "lantern", "quartz",  "seventeen", "protocol", "meadow",  "voltage", "orchard", "tensor",  "ledger",
    "copper",   "river",   "packet",  "summit",    "velvet",   "matrix",  "anchor",  "saffron", "gravity", "pencil",
    "monsoon",  "kernel",  "walnut",  "compass",   "plasma",   "bakery",  "tunnel",  "falcon",  "syntax",  "marble",
    "the",      "of",      "and",     "is",        "with",     "from",    "where",   "between", "at",      "which",
    "measured", "returns", "carries", "opens",     "divides",  "against", "under",   "slowly",  "twice",   "again"};

std::string filling(Slots slots, Random& random) {
  std::string out;
  for (auto const size = slots.least + random.below(slots.most - slots.least + 1); out.size() < size;)
    out += (out.empty() ? "" : random.chance(8) ? ", " : " ") + random.pick(kFilling);
  return out;
}

}  // namespace

std::vector<LabelledTemplate> labelled_templates() {
  std::ifstream file("tests/cases/templates/templates.json");
  std::vector<LabelledTemplate> out;
  for (auto const& one : nlohmann::json::parse(file)) {
    auto const text = [&](char const* name) { return one.at(name).get<std::string>(); };
    out.push_back({text("technique"), text("language"), text("text")});
  }
  return out;
}

std::string filled(std::string_view text, Slots slots, Random& random) {
  std::string out;
  for (auto open = text.find('{'); open != text.npos; open = text.find('{')) {
    out.append(text.substr(0, open)).append(filling(slots, random));
    text.remove_prefix(text.find('}', open) + 1);
  }
  return out.append(text);
}

std::string edited(std::string_view text, std::size_t percent, Random& random) {
  constexpr std::string_view kBlank = " \n";
  std::string out;
  while (!text.empty()) {
    auto const end = std::min(text.find_first_of(kBlank), text.size());
    std::string word(text.substr(0, end));
    auto const synonym = kSynonyms.find(word);
    if (synonym != kSynonyms.end() && random.chance(kSwapped)) word = synonym->second;
    if (random.chance(percent)) word = random.chance(50) ? "" : random.pick(kFilling);
    out += word;
    if (end < text.size()) out += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace tocsin::test
