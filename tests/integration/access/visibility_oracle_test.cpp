// Every read of random worlds by random credentials is answered as a naive model of the written rules says, to the
// byte.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/integration/access/pull.hpp"
#include "tests/integration/access/random_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thoroughness.hpp"

using namespace tocsin;
using test::Cursor;
using test::Difference;
using test::expect_equal;
using test::joined;
using test::Kind;
using test::microseconds;
using test::Pull;
using test::model::Filters;

namespace {

constexpr std::size_t kReads = test::by_build<std::size_t>(100'000, 10'000, 2'000);
constexpr std::size_t kRounds = 12;        // of writing and then reading, in one world
constexpr std::size_t kReadsOfRound = 80;  // some of them go on to further pages

// One world and the reads of it.
class Reader {
 public:
  explicit Reader(test::Random& random) : random_(random), world_(random) {}

  std::size_t run() {
    for (std::size_t round = 0; round < kRounds; ++round) {
      for (int i = 0; i < 4; ++i) world_.write();
      if (round % 4 == 3) world_.add_credential();
      for (std::size_t i = 0; i < kReadsOfRound; ++i) read();
    }
    return reads_;
  }

 private:
  void read() {
    auto const& who = random_.pick(world_.facts().credentials);
    if (random_.chance(3)) return status(who);
    if (random_.chance(3)) return collections(who);
    if (random_.chance(3)) return campaigns(who);
    if (random_.chance(3)) return indicators(who);
    Pull pull = random_pull();
    // A walk goes on until its end, or is given up; its cursors are taken up later, by anybody.
    for (;;) {
      auto next = check(who, pull);
      if (!next || random_.chance(15)) return;
      pull.cursor = *next;
    }
  }

  // Of each organisation's object of a type the newest version that any collection shows, and its kind.
  struct Newest {
    std::string version, kind;
  };
  using Chains = std::map<std::pair<std::size_t, std::string>, Newest>;
  Chains newest_of(test::model::Credential const& who, std::string const& type) {
    Chains newest;
    Filters filters;
    filters.types = {type};
    for (std::size_t i = 0; i < world_.facts().collections.size(); ++i) {
      if (!world_.facts().knows(who, i)) continue;
      for (auto place : world_.facts().pull(who, i, filters, 0)) {
        auto const& one = world_.facts().publications[place];
        auto& known = newest[{one.organisation, one.object.id}];
        if (known.version.empty() || test::model::instant(known.version) < test::model::instant(one.version()))
          known = {one.version(), one.object.kind};
      }
    }
    return newest;
  }

  static std::string lines(std::multiset<std::string> const& all) {
    std::string out;
    for (auto const& one : all) out += one + "\n";
    return out;
  }

  // Each indicator with our extension once, page by page, and no page is short before the last.
  void indicators(test::model::Credential const& who) {
    std::string const kind = random_.chance(50) ? "" : random_.chance(50) ? "ip-range" : "proxy-asn";
    std::multiset<std::string> expected, told;
    for (auto const& [chain, one] : newest_of(who, "indicator"))
      if (one.kind != "indicator" && (kind.empty() || kind == one.kind))
        expected.insert(chain.second + " " + one.version);
    auto const limit = 1 + random_.below(4);
    std::string const path = "/api/v1/indicators?limit=" + std::to_string(limit);
    std::string next = path + (kind.empty() ? "" : "&kind=" + kind);
    for (bool more = true; more;) {
      auto document = nlohmann::json::parse(get(who, next).body);
      for (auto const& one : document.at("indicators"))
        told.insert(one.at("id").get<std::string>() + " " + one.at("modified").get<std::string>());
      more = document.contains("next");
      if (more && document.at("indicators").size() != limit) throw Difference("a page of " + path + " is short");
      if (more) next = path + "&next=" + document.at("next").get<std::string>();
    }
    expect_equal(lines(told), lines(expected), describe(who, path + " " + kind));
  }

  void campaigns(test::model::Credential const& who) {
    std::multiset<std::string> expected, told;
    for (auto const& [chain, one] : newest_of(who, "campaign")) expected.insert(chain.second + " " + one.version);
    std::string const path = "/api/v1/campaigns?limit=" + std::to_string(1 + random_.below(4));
    std::string next = path;
    for (bool complete = false; !complete;) {
      auto document = nlohmann::json::parse(get(who, next).body);
      for (auto const& one : document.at("campaigns"))
        told.insert(one.at("id").get<std::string>() + " " + one.at("modified").get<std::string>());
      complete = document.at("complete").get<bool>();
      next = path + "&after=" + document.at("after").get<std::string>();
    }
    expect_equal(lines(told), lines(expected), describe(who, path));
  }

  Pull random_pull() {
    Pull pull;
    pull.kind = static_cast<Kind>(random_.below(4));
    pull.collection = random_.below(world_.facts().collections.size());
    if (pull.kind == Kind::object || pull.kind == Kind::versions) pull.id = random_.pick(world_.ids());
    if (random_.chance(70)) pull.limit = 1 + random_.below(random_.chance(50) ? 3 : 30);
    if (!cursors_.empty() && random_.chance(10)) {
      pull.cursor = random_.pick(cursors_);
      pull.collection = pull.cursor->collection;
      return pull;
    }
    if (random_.chance(20))
      for (int i = 0; i < 3; ++i) pull.filters.ids.insert(random_.pick(world_.ids()));
    if (random_.chance(20)) pull.filters.types.insert(random_.chance(50) ? "indicator" : "campaign");
    if (random_.chance(10)) pull.filters.types.insert(random_.chance(50) ? "ipv4-addr" : "usage-profile");
    if (random_.chance(60)) pull.filters.versions = random_versions();
    pull.filters.other_spec_version = random_.chance(2);
    if (random_.chance(30)) pull.filters.added_after = random_date();
    return pull;
  }

  std::set<std::string> random_versions() {
    std::set<std::string> out;
    if (random_.chance(50)) return {"all"};
    if (random_.chance(40)) out.insert("first");
    if (random_.chance(40)) out.insert("last");
    auto const& all = world_.facts().publications;
    for (int i = 0; i < 2; ++i)
      if (!all.empty() && random_.chance(50)) out.insert(random_.pick(all).version());
    return out;
  }

  // Of a publication, or a little after it.
  std::string random_date() {
    auto const& all = world_.facts().publications;
    if (all.empty() || random_.chance(5))
      return random_.chance(50) ? "2001-01-01T00:00:00Z" : "2099-01-01T00:00:00.25Z";
    std::string date = random_.pick(all).date;
    if (random_.chance(20)) date.insert(date.size() - 1, "999");
    if (random_.chance(20)) date = date.substr(0, 23) + "Z";
    return date;
  }

  // Asks, compares with the model, and returns the cursor if there is one.
  std::optional<Cursor> check(test::model::Credential const& who, Pull const& pull) {
    std::string path = target(world_.facts(), pull);
    auto answer = get(who, path);
    Filters filters = pull.cursor ? pull.cursor->filters : pull.filters;
    if (!pull.id.empty()) {
      filters.ids = {pull.id};
      filters.types.clear();
    }
    if (pull.kind == Kind::versions) filters.versions = {"all"};
    auto places = world_.facts().pull(who, pull.collection, filters, pull.cursor ? pull.cursor->after : 0);
    std::size_t count = pull.limit == 0 ? places.size() : std::min(pull.limit, places.size());
    bool more = count < places.size();
    places.resize(count);
    bool known = world_.facts().knows(who, pull.collection);
    bool absent = !known || (!pull.id.empty() && places.empty());
    std::string what = describe(who, path);
    expect_equal(std::to_string(answer.status), absent ? "404" : "200", what);
    if (absent) return std::nullopt;
    check_dates(answer, filters, places, what);
    std::string next = next_of(answer, more, what);
    expect_equal(answer.body, body(pull.kind, places, next), what);
    again(who, path, answer);
    if (!more) return std::nullopt;
    Cursor cursor{next, pull.collection, places.back() + 1, filters};
    cursors_.push_back(cursor);
    return cursor;
  }

  std::string body(Kind kind, std::vector<std::size_t> const& places, std::string const& next) const {
    std::string list;
    for (auto place : places) list += (list.empty() ? "" : ",") + rendered(kind, world_.facts().publications[place]);
    std::string begin = next.empty() ? "{\"more\":false," : "{\"more\":true,\"next\":\"" + next + "\",";
    return begin + (kind == Kind::versions ? "\"versions\":[" : "\"objects\":[") + list + "]}";
  }

  static std::string next_of(test::Answer const& answer, bool more, std::string const& what) {
    if (!more) return {};
    auto document = nlohmann::json::parse(answer.body);
    if (!document.contains("next")) throw Difference(what + "\n  has no next: " + answer.body);
    return document.at("next").get<std::string>();
  }

  void check_dates(test::Answer const& answer, Filters const& filters, std::vector<std::size_t> const& places,
                   std::string const& what) const {
    std::string first, last;
    if (!places.empty()) {
      first = world_.facts().publications[places.front()].date;
      last = world_.facts().publications[places.back()].date;
    } else if (filters.added_after) {
      last = microseconds(*filters.added_after);
    }
    expect_equal(answer.header("X-TAXII-Date-Added-First").value_or(""), first, what + " (first)");
    expect_equal(answer.header("X-TAXII-Date-Added-Last").value_or(""), last, what + " (last)");
  }

  // HEAD says what GET does, and who has the page is told so.
  void again(test::model::Credential const& who, std::string const& path, test::Answer const& answer) {
    if (!random_.chance(10)) return;
    test::Call call;
    call.target = path;
    call.token = who.token;
    if (random_.chance(50))
      call.method = "HEAD";
    else
      call.headers.emplace_back("If-None-Match", answer.header("ETag").value());
    auto second = world_.server().ask(call);
    ++reads_;
    expect_equal(std::to_string(second.status), call.method == "HEAD" ? "200" : "304", describe(who, path));
    if (second.headers != answer.headers || !second.body.empty())
      throw Difference(describe(who, path) + ": not the same when asked again");
  }

  // The status of a submission is its organisation's.
  void status(test::model::Credential const& who) {
    if (world_.submissions().empty()) return;
    auto const& one = random_.pick(world_.submissions());
    auto answer = get(who, "/taxii2/root/status/" + one.id + "/");
    bool allowed = who.roles.contains("submitter") || who.roles.contains("analyst");
    bool own = one.organisation == who.organisation;
    expect_equal(std::to_string(answer.status),
                 !allowed ? "403"
                 : own    ? "200"
                          : "404",
                 describe(who, "status " + one.id));
    if (answer.status != 200) return;
    std::string got, want;
    auto document = nlohmann::json::parse(answer.body);
    for (auto const& row : document.at("successes"))
      got += row.at("id").get<std::string>() + " " + row.at("version").get<std::string>() + "\n";
    for (auto const& row : document.at("failures")) got += "refused " + row.at("id").get<std::string>() + "\n";
    for (auto const& [id, version] : one.accepted)
      want += id + " " + world_.version_in_status(one.organisation, id, version) + "\n";
    for (auto const& id : one.refused) want += "refused " + id + "\n";
    expect_equal(got, want, describe(who, "status " + one.id));
  }

  void collections(test::model::Credential const& who) {
    auto answer = get(who, "/taxii2/root/collections/");
    std::set<std::string> got, want;
    auto document = nlohmann::json::parse(answer.body);
    for (auto const& row : document.value("collections", nlohmann::json::array()))
      got.insert(row.at("id").get<std::string>());
    for (std::size_t i = 0; i < world_.facts().collections.size(); ++i) {
      auto const& id = world_.facts().collections[i].id;
      bool known = world_.facts().knows(who, i);
      if (known) want.insert(id);
      expect_equal(std::to_string(get(who, "/taxii2/root/collections/" + id + "/").status), known ? "200" : "404",
                   describe(who, id));
    }
    expect_equal(joined(got), joined(want), describe(who, "collections"));
  }

  test::Answer get(test::model::Credential const& who, std::string const& path) {
    ++reads_;
    return world_.server().get(path, who.token);
  }

  std::string describe(test::model::Credential const& who, std::string const& path) const {
    std::string out = path + " by";
    for (auto const& role : who.roles) out += " " + role;
    auto const& organisation = world_.facts().organisations[who.organisation];
    out += " of " + organisation.name + " (clearance " + std::to_string(organisation.clearance) + ")";
    if (who.highest) out += ", highest " + std::to_string(*who.highest);
    for (auto const& kind : who.kinds) out += ", kind " + kind;
    return out;
  }

  test::Random& random_;
  test::RandomWorld world_;
  std::vector<Cursor> cursors_;
  std::size_t reads_ = 0;
};

}  // namespace

TEST_CASE("every read of random worlds is answered as a naive model of the rules says", "[access][visibility]") {
  test::Random random;
  std::size_t const wanted = test::count_from("TOCSIN_READS", kReads);
  std::size_t reads = 0;
  try {
    while (reads < wanted) reads += Reader(random).run();
  } catch (Difference const& difference) {
    FAIL("TOCSIN_SEED=" << random.seed() << "\n" << difference.what());
  }
  REQUIRE(reads >= wanted);
}

TEST_CASE("the versions after a date are another page than all versions", "[access][visibility]") {
  test::InProcess world;
  world.add_organisation("lab", "lab", "green");
  std::string collection = world.add_collection("one", "green"), token = world.add_token("lab", "analyst");
  std::string id = "ipv4-addr--11111111-1111-4111-8111-111111111111";
  std::string object = R"({"id":")" + id + R"(","spec_version":"2.1","type":"ipv4-addr","value":"203.0.113.7"})";
  REQUIRE(world.submit(collection, token, {object}).status == 202);
  std::string path = "/taxii2/root/collections/" + collection + "/objects/" + id + "/versions/";
  CHECK(world.get(path + "?added_after=2099-01-01T00:00:00Z", token).status == 404);
  CHECK(world.get(path + "?match[spec_version]=2.0", token).status == 404);
  CHECK(world.get(path, token).status == 200);
}
