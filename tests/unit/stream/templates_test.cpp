#include "server/stream/templates.hpp"

#include <nlohmann/json.hpp>

#include "server/match/looked_up.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using stream::Templates;

namespace {

std::string const kDigest(64, 'a'), kOther(64, 'b');
constexpr store::RowId kCollection = 3, kClass = 5, kAsserter = 7;
core::Uuid const kId{1};

store::PublishedTemplate published(std::string const& text, std::string const& digest = kDigest) {
  nlohmann::json const object{{"type", "prompt-template"}, {"template_sha256", digest}, {"template", text}};
  return {1, kClass, kAsserter, object.dump()};
}

store::ListedIndicator listed(std::string const& digest = kDigest) {
  store::ListedIndicator out;
  out.class_row = kClass;
  out.asserter = kAsserter;
  out.keys = {std::string("prompt-template") + '\0' + digest};
  return out;
}

// What matching is told of indicators, by id.
struct Told {
  std::map<core::Uuid, match::Entry> all;
  Templates::Take const take = [this](match::Change change) { all[change.id] = change.now.value(); };

  [[nodiscard]] std::size_t prints(core::Uuid const& id = kId) const { return all.at(id).prints.size(); }
};

std::size_t completed(Templates& templates, store::ListedIndicator const& one, core::Uuid const& id = kId) {
  match::Entry entry;
  entry.facts.id = id;
  templates.complete(kCollection, one, entry);
  return entry.prints.size();
}

}  // namespace

TEST_CASE("an indicator has the fingerprints of its template, whichever of them comes first", "[stream][match]") {
  Templates templates;
  Told told;
  templates.add(kCollection, published("one two three four five"), told.take);
  CHECK(told.all.empty());
  CHECK(completed(templates, listed()) == 3);

  Templates later;
  CHECK(completed(later, listed()) == 0);
  later.add(kCollection, published("one two three four five"), told.take);
  CHECK(told.prints() == 3);
  later.add(kCollection, published("one two three four five six"), told.take);
  CHECK(told.prints() == 4);
}

TEST_CASE("a template of another organisation, class, collection or digest is another one", "[stream][match]") {
  Templates templates;
  Told told;
  templates.add(kCollection, published("one two three four five"), told.take);
  auto one = listed();
  one.asserter = kAsserter + 1;
  CHECK(completed(templates, one) == 0);
  one = listed();
  one.class_row = kClass + 1;
  CHECK(completed(templates, one) == 0);
  match::Entry elsewhere;
  elsewhere.facts.id = kId;
  templates.complete(kCollection + 1, listed(), elsewhere);
  CHECK(elsewhere.prints.empty());
  CHECK(completed(templates, listed(kOther)) == 0);
}

TEST_CASE("an indicator that names another template now is not told of the one before any more", "[stream][match]") {
  Templates templates;
  Told told;
  CHECK(completed(templates, listed()) == 0);
  CHECK(completed(templates, listed(kOther)) == 0);
  templates.add(kCollection, published("one two three four five"), told.take);
  CHECK(told.all.empty());
  templates.add(kCollection, published("one two three four", kOther), told.take);
  CHECK(told.prints() == 2);
}

TEST_CASE("an indicator that was forgotten is not told of its template any more", "[stream][match]") {
  Templates templates;
  Told told;
  CHECK(completed(templates, listed()) == 0);
  templates.forget(kId);
  templates.add(kCollection, published("one two three four five"), told.take);
  CHECK(told.all.empty());
}

TEST_CASE("fingerprints that are given count before those of the text, when their algorithm is ours",
          "[stream][match]") {
  nlohmann::json object{
      {"template", "one two three four five"},
      {"fingerprints", {{"algorithm", "word3-1"}, {"values", {"00000000000000ff", "0000000000000001"}}}}};
  CHECK(match::prints_of_template(object) == std::vector<kinds::Print>{1, 255});
  object["fingerprints"]["algorithm"] = "winnow-1";
  CHECK(match::prints_of_template(object) == kinds::prints_of("one two three four five"));
  CHECK(match::prints_of_template({{"template_sha256", kDigest}}).empty());
}

TEST_CASE("what was erased has no fingerprints", "[stream][match]") {
  Templates templates;
  Told told;
  templates.add(kCollection, {1, kClass, kAsserter, ""}, told.take);
  CHECK(completed(templates, listed()) == 0);
}
