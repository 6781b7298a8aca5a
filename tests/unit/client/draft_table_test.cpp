#include <string>
#include <vector>

#include "clients/cpp/draft/account_table.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::client {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows records(std::string_view text, std::size_t piece) {
  Rows out;
  RecordReader reader([&](Record const& record) { out.emplace_back(record.cells.begin(), record.cells.end()); });
  for (std::size_t begin = 0; begin < text.size(); begin += piece) REQUIRE(reader.feed(text.substr(begin, piece)));
  REQUIRE(reader.finish());
  return out;
}

struct Read {
  std::vector<std::string> rows;  // account|email|address
  TableCounts counts;
  std::optional<Failure> failure;
};

Read read(std::string_view text, std::vector<std::string> const& maps = {}) {
  Read out;
  AccountTable table(ColumnNames::parse(maps).value(), [&](AccountRow const& row) {
    out.rows.push_back(std::string(row[at(Field::account)]) + "|" + std::string(row[at(Field::email)]) + "|" +
                       std::string(row[at(Field::address)]));
  });
  auto fed = table.feed(text);
  if (fed) fed = table.finish();
  if (!fed) out.failure = fed.error();
  out.counts = table.counts();
  return out;
}

}  // namespace

TEST_CASE("a record is read as RFC 4180 writes it, however the text is cut into pieces", "[client][draft]") {
  std::string_view const text = "a,\"b,1\",c\r\n\r\n\"x \"\"y\"\"\n z\",,\"\"\n\"\"\nlast,\"q\"r,s\"t";
  Rows const expected{{"a", "b,1", "c"}, {"x \"y\"\n z", "", ""}, {""}, {"last", "qr", "s\"t"}};
  for (std::size_t piece = 1; piece <= text.size(); ++piece) CHECK(records(text, piece) == expected);
}

TEST_CASE("what separates the cells of the header separates those of all rows", "[client][draft]") {
  CHECK(records("a;b\n1,5;2\n", 64) == Rows{{"a", "b"}, {"1,5", "2"}});
  CHECK(records("a\tb\n1;5\t2\n", 64) == Rows{{"a", "b"}, {"1;5", "2"}});
  CHECK(records("\"a;b\",c\n1;2,3\n", 64) == Rows{{"a;b", "c"}, {"1;2", "3"}});
  CHECK(records("a\n1;2\n", 64) == Rows{{"a"}, {"1;2"}});
}

TEST_CASE("the columns of a table are known by their usual names, or by those that are given", "[client][draft]") {
  CHECK(read("E-Mail,User ID,IP\nm@x.example,u1,192.0.2.1\n").rows ==
        std::vector<std::string>{"u1|m@x.example|192.0.2.1"});
  CHECK(read("Customer,Mail,x\nu1,m@x.example,192.0.2.1\n", {"account=customer", "address=x"}).rows ==
        std::vector<std::string>{"u1|m@x.example|192.0.2.1"});
  CHECK(read("account,user\nfirst,second\n").rows == std::vector<std::string>{"first||"});
  CHECK(read("user,account\nfirst,second\n").rows == std::vector<std::string>{"second||"});
  CHECK(read(R"({"uid":"first","account":"second"})").rows == std::vector<std::string>{"second||"});
  CHECK(read("account,user\nfirst,second\n", {"account=user"}).rows == std::vector<std::string>{"second||"});
}

TEST_CASE("a table without a column of accounts, or without one that was named, is refused", "[client][draft]") {
  CHECK(read("email\nm@x.example\n").failure->remedy == "Name it with: --map account=COLUMN");
  CHECK(read("account\nu1\n", {"ja4=print"}).failure->message == "The table has no column print.");
  CHECK(read("").failure->message == "The table is empty.");
  CHECK(read("account\n\"u1\n").failure->message == "The row that begins in line 2 has no end within 1 MiB.");
  CHECK(read("account\n\"" + std::string(1u << 20, 'x')).failure.has_value());
  CHECK(read("{\"account\":\"" + std::string(1u << 20, 'x')).failure.has_value());
  for (auto const* map : {"account", "=x", "account=", "acount=x"}) CHECK_FALSE(ColumnNames::parse({map}));
}

TEST_CASE("rows that cannot be used are counted, with the line of the first", "[client][draft]") {
  auto const table = read("account,email\nu1,a@x.example\nu2\n ,b@x.example\nu3,c,d\n\"u\n4\",d@x.example\n,\n");
  CHECK(table.rows == std::vector<std::string>{"u1|a@x.example|", "u\n4|d@x.example|"});
  CHECK(table.counts.rows == 6);
  CHECK((table.counts.torn.rows == 2 && table.counts.torn.first_line == 3));
  CHECK((table.counts.nameless.rows == 2 && table.counts.nameless.first_line == 4));
}

TEST_CASE("a table may be one JSON object a line", "[client][draft]") {
  auto const table = read(
      "\xef\xbb\xbf\n{\"user_id\":7,\"email\":\"a@x.example\",\"other\":[1]}\r\n\n{\"email\":\"b@x.example\"}\n[]\n{"
      "\"account\":\n"
      "{\"account\":\"u2\",\"ip\":\"192.0.2.1\"}");
  CHECK(table.rows == std::vector<std::string>{"7|a@x.example|", "u2||192.0.2.1"});
  CHECK(table.counts.rows == 5);
  CHECK((table.counts.nameless.rows == 1 && table.counts.nameless.first_line == 4));
  CHECK((table.counts.torn.rows == 2 && table.counts.torn.first_line == 5));
}

}  // namespace tocsin::client
