// STIX patterns held against observations: text of a pattern, a line `--`, then a line of JSON for each observation,
// [first, last, times, [objects]]. Whatever parses and compiles is evaluated in bounded time; it says the same of the
// observations in any order, the same when they come one by one, and matches nothing that lacks its necessary keys.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "schema/stix/pattern/parse.hpp"
#include "server/match/pattern/pattern.hpp"

namespace {

namespace ast = tocsin::stix::pattern;
namespace match = tocsin::match::pattern;
using tocsin::stix::Json;

void demand(bool holds) {
  if (!holds) std::abort();
}

struct World {
  std::deque<Json> documents;
  std::vector<match::Observation> observations;

  void add(std::string_view line) {
    auto parsed = tocsin::stix::parse_json(line);
    if (!parsed || !parsed->is_array() || parsed->size() != 4) return;
    documents.push_back(std::move(*parsed));
    Json const& row = documents.back();
    if (!row[0].is_number_integer() || !row[1].is_number_integer() || !row[2].is_number_unsigned()) return;
    std::vector<match::Object> objects;
    for (auto const& object : row[3]) {
      auto const id = object.is_object() ? object.find("id") : object.end();
      bool const named = object.is_object() && id != object.end() && id->is_string();
      objects.push_back(match::named_object(named ? id->get_ref<std::string const&>() : std::string_view(), object));
    }
    observations.emplace_back(row[0].get<std::int64_t>(), row[1].get<std::int64_t>(), row[2].get<std::uint64_t>(),
                              std::move(objects));
  }
};

bool has_key(match::Key const& key, std::vector<match::Observation> const& observations) {
  auto const op = key.relation == match::Key::Relation::equal ? ast::Operator::equal : ast::Operator::is_subset;
  auto const value = std::visit([](auto const& each) { return ast::Literal(each); }, key.value);
  ast::Pattern const pattern{ast::Observation{ast::Test{ast::Comparison{key.path, op, false, {value}}}, {}}};
  auto const compiled = match::Pattern::compile(pattern);
  demand(compiled.has_value());
  return compiled->matches(observations) == match::Verdict::yes;
}

match::Verdict one_by_one(match::Pattern const& pattern, std::vector<match::Observation> const& observations) {
  match::Run run(pattern);
  auto verdict = match::Verdict::no;
  for (auto const& observation : observations) verdict = run.take(observation);
  return verdict;
}

void check(match::Pattern const& pattern, std::vector<match::Observation> observations) {
  auto const verdict = pattern.matches(observations);
  if (verdict == match::Verdict::yes && pattern.keys())
    demand(std::ranges::any_of(*pattern.keys(), [&](auto const& key) { return has_key(key, observations); }));
  std::ranges::reverse(observations);
  auto const reversed = pattern.matches(observations);
  // Which ways are followed may depend on the order; what is decided does not.
  bool const both = verdict != match::Verdict::undecided && reversed != match::Verdict::undecided;
  demand(!both || verdict == reversed);
  std::ranges::sort(observations, {}, &match::Observation::first);
  auto const streamed = one_by_one(pattern, observations);
  demand(streamed == match::Verdict::undecided || verdict == match::Verdict::undecided || streamed == verdict);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view text(reinterpret_cast<char const*>(data), size);
  auto const end = text.find("\n--\n");
  auto const parsed = ast::parse(text.substr(0, end), {.comparisons = 200});
  if (!parsed) return 0;
  auto const compiled = match::Pattern::compile(*parsed);
  if (!compiled) {
    demand(!compiled.error().sentence.empty());
    return 0;
  }
  World world;
  std::string_view rest = end == text.npos ? std::string_view() : text.substr(end + 4);
  while (!rest.empty() && world.documents.size() < 64) {
    auto const line = rest.substr(0, rest.find('\n'));
    world.add(line);
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  check(*compiled, std::move(world.observations));
  return 0;
}
