#include <map>
#include <string>
#include <vector>

#include "clients/cpp/draft/gathering.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::client {
namespace {

using Said = std::map<Field, std::string>;

struct Gathered {
  Common common;
  TooFew few;
  PassedOver passed;

  [[nodiscard]] std::map<std::string, std::size_t> ranges() const {
    std::map<std::string, std::size_t> out;
    for (auto const& range : common.ranges) out[kinds::to_text(range.network)] = range.accounts;
    return out;
  }
  [[nodiscard]] std::map<std::string, std::size_t> mailboxes() const {
    std::map<std::string, std::size_t> out;
    for (auto const& mailbox : common.mailboxes) out[mailbox.shape + "@" + mailbox.domain] = mailbox.accounts;
    return out;
  }
};

Gathered gather(std::vector<Said> const& rows) {
  Gathering gathering(5);
  for (auto const& said : rows) {
    AccountRow row;
    for (auto const& [field, text] : said) row[at(field)] = text;
    gathering.add(row);
  }
  Gathered out;
  out.common = gathering.common();
  out.few = gathering.too_few();
  out.passed = gathering.passed_over();
  return out;
}

// `count` accounts, each with what `said` says of its number.
template <class F>
void add(std::vector<Said>& rows, int count, F const& said) {
  for (int i = 0; i < count; ++i) {
    Said row = said(i);
    row[Field::account] = "u" + std::to_string(rows.size());
    rows.push_back(std::move(row));
  }
}

using Counts = std::map<std::string, std::size_t>;

}  // namespace

TEST_CASE("an address that enough accounts share becomes an item, and its neighbours do not", "[client][draft]") {
  std::vector<Said> rows;
  add(rows, 5, [](int) { return Said{{Field::address, "192.0.2.1"}}; });
  add(rows, 4, [](int i) { return Said{{Field::address, "192.0.2." + std::to_string(10 + i)}}; });
  auto const gathered = gather(rows);
  CHECK(gathered.ranges() == Counts{{"192.0.2.1", 5}});
  CHECK(gathered.few.addresses == 4);
  CHECK(gathered.common.addresses == 5);
}

TEST_CASE("a network whose addresses rotate becomes an item as a whole", "[client][draft]") {
  std::vector<Said> rows;
  add(rows, 5, [](int i) { return Said{{Field::address, "192.0.2." + std::to_string(i)}}; });
  add(rows, 6, [](int) { return Said{{Field::address, "192.0.2.99"}}; });
  add(rows, 4, [](int i) { return Said{{Field::address, "198.51.100." + std::to_string(i)}}; });
  add(rows, 5, [](int i) { return Said{{Field::address, "2001:db8:7:" + std::to_string(i) + "::1"}}; });
  auto const gathered = gather(rows);
  CHECK(gathered.ranges() == Counts{{"192.0.2.0/24", 11}, {"2001:db8:7::/48", 5}});
  CHECK(gathered.few.addresses == 4);
}

TEST_CASE("a network with many addresses that each have enough accounts becomes one item", "[client][draft]") {
  for (int const addresses : {8, 9}) {
    std::vector<Said> rows;
    for (int a = 0; a < addresses; ++a)
      add(rows, 5, [a](int) { return Said{{Field::address, "192.0.2." + std::to_string(a)}}; });
    CHECK(gather(rows).common.ranges.size() == (addresses == 8 ? 8u : 1u));
  }
}

TEST_CASE("one account counts once, on however many rows", "[client][draft]") {
  std::vector<Said> rows;
  for (int i = 0; i < 500; ++i)
    rows.push_back({{Field::account, "u" + std::to_string(i % 4)},
                    {Field::address, "192.0.2.1"},
                    {Field::email, "aa11@mail.example"},
                    {Field::ja4, "t13d1516h2_8daaf6152771_b186095e22b6"},
                    {Field::payment, "p" + std::to_string(i % 3)}});
  auto const gathered = gather(rows);
  CHECK(gathered.common.size() == 0);
  CHECK(gathered.common.accounts == 4);
  CHECK(gathered.common.payments == 3);
  CHECK((gathered.few.addresses == 1 && gathered.few.shapes == 1 && gathered.few.fingerprints == 1));
}

TEST_CASE("a free-mail domain is never an item without a shape", "[client][draft]") {
  std::vector<Said> rows;
  add(rows, 9,
      [](int i) { return Said{{Field::email, std::string(static_cast<std::size_t>(i + 1), 'a') + "@gmail.com"}}; });
  add(rows, 5, [](int i) { return Said{{Field::email, "ab" + std::to_string(1000 + i) + "@gmail.com"}}; });
  add(rows, 5,
      [](int i) { return Said{{Field::email, std::string(static_cast<std::size_t>(i + 1), 'a') + "@mail.example"}}; });
  auto const gathered = gather(rows);
  CHECK(gathered.mailboxes() == Counts{{"aa9999@gmail.com", 5}, {"@mail.example", 5}});
  CHECK(gathered.few.shapes == 9);
  CHECK(gathered.common.mailboxes.front().public_domain);
}

TEST_CASE("a domain with a few shapes becomes those, and one with many becomes itself", "[client][draft]") {
  for (int const shapes : {8, 9}) {
    std::vector<Said> rows;
    for (int s = 0; s < shapes; ++s)
      add(rows, 5, [s](int) {
        return Said{{Field::email, std::string(static_cast<std::size_t>(s + 1), 'a') + "@mail.example"}};
      });
    auto const mailboxes = gather(rows).mailboxes();
    CHECK(mailboxes.size() == (shapes == 8 ? 8u : 1u));
    CHECK(mailboxes.contains("@mail.example") == (shapes == 9));
  }
}

TEST_CASE("an item says days and provider only where all its accounts agree", "[client][draft]") {
  std::vector<Said> rows;
  auto const with = [](std::string domain, std::string provider) {
    return [=](int i) {
      return Said{{Field::email, "ab" + std::to_string(10 + i) + "@" + domain},
                  {Field::created, "2026-03-0" + std::to_string(9 - i) + "T11:22:33Z"},
                  {Field::provider, i < 4 ? "Cloud 1" : provider}};
    };
  };
  add(rows, 5, with("a.example", "Cloud 1"));
  add(rows, 5, with("b.example", ""));
  add(rows, 5, with("c.example", "Cloud 2"));
  auto const gathered = gather(rows);
  REQUIRE(gathered.common.mailboxes.size() == 3);
  auto const& first = gathered.common.mailboxes[0];
  CHECK((first.first_day == "2026-03-05" && first.last_day == "2026-03-09" && first.provider == "Cloud 1"));
  CHECK((gathered.common.mailboxes[1].provider.empty() && gathered.common.mailboxes[2].provider.empty()));
}

TEST_CASE("a column that is no column of providers gives none away", "[client][draft]") {
  for (int const different : {16, 17}) {
    std::vector<Said> rows;
    for (int p = 0; p < different; ++p)
      add(rows, 5, [p](int) {
        return Said{{Field::email, "ab1@d" + std::to_string(p) + ".example"},
                    {Field::provider, "tok_" + std::to_string(p)}};
      });
    auto const gathered = gather(rows);
    CHECK(gathered.passed.providers == (different == 17));
    CHECK(gathered.common.mailboxes.front().provider.empty() == (different == 17));
  }
  std::vector<Said> rows;
  add(rows, 5, [](int) { return Said{{Field::email, "ab1@d.example"}, {Field::provider, "someone@d.example"}}; });
  CHECK(gather(rows).common.mailboxes.front().provider.empty());
}

TEST_CASE("cells that say nothing are counted and spoil no other", "[client][draft]") {
  std::vector<Said> rows;
  add(rows, 5, [](int) {
    return Said{{Field::address, "10.0.0.1"},
                {Field::email, "ab1@mail.example"},
                {Field::created, "yesterday"},
                {Field::ja4, "chrome"}};
  });
  rows.push_back({{Field::account, "x"}, {Field::address, "nowhere"}, {Field::email, "nobody"}});
  auto const gathered = gather(rows);
  CHECK(gathered.mailboxes() == Counts{{"aa9@mail.example", 5}});
  CHECK(gathered.passed.reserved == 5);
  CHECK(gathered.passed.days == 5);
  CHECK(gathered.passed.fingerprints == 5);
  CHECK((gathered.passed.addresses == 1 && gathered.passed.emails == 1));
}

}  // namespace tocsin::client
