// Random patterns, held against random items by the evaluator: what the indexes do not find is counted.
#include "server/match/looked_up.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/extension_ids.hpp"
#include "server/match/engine.hpp"
#include "server/match/item_observation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"
#include "tests/unit/match/world.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;
using test::Random;

std::vector<std::string> const kKinds{"ip-range",  "proxy-domain",    "user-agent",      "account-pattern",
                                      "proxy-asn", "tls-fingerprint", "keyed-identifier"};
std::vector<std::string> const kJa4{"t13d1516h2_8daaf6152771_02713d6af862", "t13d1516h2_*_02713d6af862", "t13d1516h2"};

// What a comparison is about, and the values that it may have.
struct Compares {
  std::string path;
  std::vector<std::string> operators, values;
};
std::vector<Compares> const kCompares{
    {"ipv4-addr:value", {"=", "!=", "ISSUBSET"}, {"'192.0.2.1'", "'192.0.2.2'", "'192.0.2.0/30'"}},
    {"ipv6-addr:value", {"=", "ISSUBSET"}, {"'2001:db8::1'", "'2001:db8::/64'", "'::ffff:192.0.2.1'"}},
    {"autonomous-system:number", {"=", "!=", "<"}, {"64500", "64501"}},
    {"domain-name:value",
     {"=", "!=", "LIKE", "MATCHES"},
     {"'a.example'", "'B.a.example'", "'%.example'", "'_.example'"}},
    {"network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'",
     {"=", "LIKE", "MATCHES"},
     {"'tool/1'", "'tool/_'", "'tool%'"}},
    {"tls-fingerprint:value", {"=", "!="}, {"'" + kJa4[0] + "'", "'" + kJa4[1] + "'", "'" + kJa4[2] + "'"}},
    {"user-account:extensions.'" + std::string(kinds::kAccountExtension) + "'.email_domain",
     {"=", "LIKE"},
     {"'mail.example'", "'%.example'"}},
    {"user-account:account_type", {"="}, {"'llm-api'"}},
    {"keyed-identifier:kind", {"=", "!="}, {"'payment'", "'device'"}},
    {"keyed-identifier:value", {"=", "LIKE"}, {"'aa'", "'bb'"}}};

std::string any_comparison(Random& random) {
  auto const& what = random.pick(kCompares);
  auto const not_so = random.chance(10) ? " NOT " : " ";
  if (random.chance(15))
    return what.path + not_so + "IN (" + what.values.front() + ", " + random.pick(what.values) + ")";
  return what.path + not_so + random.pick(what.operators) + " " + random.pick(what.values);
}

std::string any_test(Random& random, int depth) {
  if (depth == 0 || random.chance(40)) return any_comparison(random);
  return "(" + any_test(random, depth - 1) + (random.chance(50) ? " OR " : " AND ") + any_test(random, depth - 1) + ")";
}

std::string any_pattern(Random& random) {
  auto out = "[" + any_test(random, 3) + "]";
  if (random.chance(20))
    out += random.pick<std::string>({" OR ", " AND ", " FOLLOWEDBY "}) + "[" + any_test(random, 1) + "]";
  if (random.chance(5)) out = "(" + out + ") REPEATS 2 TIMES";
  return out;
}

Item any_item(Random& random) {
  Item out;
  if (random.chance(60))
    out.address = test::address(random.pick<std::string>({"192.0.2.1", "192.0.2.2", "2001:db8::1"}));
  if (random.chance(40)) out.asn = random.chance(50) ? 64'500 : 64'501;
  if (random.chance(50))
    out.keys.push_back(test::key(Field::domain, random.pick<std::string>({"a.example", "b.a.example", "c.example"})));
  if (random.chance(50))
    out.keys.push_back(test::key(Field::user_agent, random.pick<std::string>({"tool/1", "tool/2", "tool/_"})));
  if (random.chance(50)) out.keys.push_back(test::key(Field::ja4, kJa4.front()));
  if (random.chance(50))
    out.keys.push_back(test::key(Field::email_domain, random.pick<std::string>({"mail.example", "a.mail.example"})));
  if (random.chance(50))
    out.keys.push_back(
        parse_identifier(random.pick<std::string>({"payment", "device"}), random.pick<std::string>({"aa", "bb"}))
            .value());
  return out;
}

}  // namespace

TEST_CASE("what cannot be evaluated is counted as unindexed", "[match]") {
  auto const is_partly = [](std::string const& expression) {
    auto one = test::entry(1, "");
    add_values(one, "proxy-domain",
               "[domain-name:value = 'a.example' AND domain-name:value MATCHES '" + expression + "']");
    CHECK(one.keys.size() == 1);
    return one.partly;
  };
  CHECK_FALSE(is_partly("^a"));
  CHECK(is_partly("(?=a)"));
}

TEST_CASE("what a pattern holds of is found, or the indicator is counted as unindexed", "[match]") {
  Random random;
  std::size_t met = 0, found = 0, whole = 0;
  for (std::size_t round = 0; round < 60'000; ++round) {
    auto const text = any_pattern(random);
    nlohmann::json const indicator{{"type", "indicator"}, {"pattern_type", "stix"}, {"pattern", text}};
    auto const compiled = pattern_of(indicator);
    if (!compiled) continue;  // it joins comparisons of several types, which is no STIX
    auto one = test::entry(1, "");
    add_values(one, random.pick(kKinds), pattern_text(indicator));
    Engine engine;
    engine.apply(std::vector<Change>{test::change(one)}, 1);
    if (random.chance(50)) engine.fold();
    auto const asked = any_item(random);
    bool const is_met = ItemObservation(asked, 0).meets(*compiled);
    bool const is_found = !engine.match(asked, test::seeing_class_1()).hits.empty();
    bool const is_counted = engine.unindexed(test::seeing_class_1()) == 1;
    met += is_met, found += is_met && is_found, whole += is_met && !is_counted;
    INFO(text);
    CHECK((!is_met || is_found || is_counted));
  }
  CHECK(met > 3'000);
  CHECK(found > 100);
  CHECK(whole > 100);  // else that everything is counted would do
}
