#include "clients/logs/csv_table.hpp"

#include "clients/logs/log_reader.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::logs;

using Cells = std::vector<std::string>;

core::Result<CsvTable> table(std::string_view header, Cells const& maps = {}) {
  FieldNames names(Format::csv);
  for (auto const& map : maps) REQUIRE(names.map(map));
  return CsvTable::of_header(header, names);
}

AccessRecord only_record(std::string_view header, std::string_view row, Cells const& maps = {}) {
  auto const of = table(header, maps);
  REQUIRE(of);
  auto const record = of->map(row);
  REQUIRE(record);
  return *record;
}

std::string why_not(std::string_view header, std::string_view row) {
  auto const of = table(header);
  REQUIRE(of);
  auto const record = of->map(row);
  REQUIRE_FALSE(record);
  return record.error().detail;
}

struct Read {
  std::vector<AccessRecord> records;
  LogCounts counts;
  std::optional<Format> format;
  std::string mistake;  // "": the log is whole
};

Read read(std::string_view text, std::size_t piece, std::optional<Format> format = {}, Cells const& maps = {}) {
  Read out;
  auto reader = LogReader::make(format, maps, [&](AccessRecord const& one) { out.records.push_back(one); });
  REQUIRE(reader);
  for (std::size_t begin = 0; begin < text.size(); begin += piece) reader->feed(text.substr(begin, piece));
  if (auto const whole = reader->finish(); !whole) out.mistake = whole.error().detail;
  out.counts = reader->counts();
  out.format = reader->format();
  return out;
}

Cells accounts(Read const& log) {
  Cells out;
  for (auto const& one : log.records) out.push_back(one.account);
  return out;
}

}  // namespace

TEST_CASE("The cells of a row are told apart as RFC 4180 says, and no otherwise") {
  CHECK(csv_cells("") == Cells{""});
  CHECK(csv_cells(",") == Cells{"", ""});
  CHECK(csv_cells("a, b ,") == Cells{"a", " b ", ""});
  CHECK(csv_cells(R"("a,b","say ""x""","")") == Cells{"a,b", "say \"x\"", ""});
  CHECK(csv_cells("\"a\nb\",c") == Cells{"a\nb", "c"});
  for (auto const* wrong : {R"(a"b)", R"("a"b)", R"("a)", R"(")", R"( "a")", R"("a" ,b)", R"(a,"b"")"}) {
    CAPTURE(wrong);
    CHECK_FALSE(csv_cells(wrong));
  }
}

TEST_CASE("A row goes on behind a line that ends within quotes, and one that is wrong does not") {
  for (auto const* open : {R"(a,"b)", R"(")", R"("a""b)", R"("a"",)",
                           R"("a)"
                           "\r"})
    CHECK(ends_within_quotes(open, false));
  for (auto const* closed : {"", "a,b", R"("a","b")", R"(a"b)", R"("a"b,"c)",
                             R"("a")"
                             "\r"})
    CHECK_FALSE(ends_within_quotes(closed, false));
  CHECK(ends_within_quotes("", true));
  CHECK(ends_within_quotes(R"(a""b)", true));
  CHECK(ends_within_quotes(R"(a","b)", true));
  CHECK_FALSE(ends_within_quotes(R"(a",b)", true));
  CHECK_FALSE(ends_within_quotes(R"(",)", true));
}

TEST_CASE("A header names columns as members of JSON are named, and a row says what they say") {
  auto const record =
      only_record("ignored,timestamp,account_id,client_ip,usage.input_tokens,tokens_out,email,prompt",
                  R"(x,2026-11-20T12:00:00Z,007,203.0.113.7,12,-1,someone@mail.example,"{""prompt"":""Why?""}")");
  CHECK(record.at_us == 1'795'176'000'000'000);
  CHECK(record.account == "007");
  CHECK(record.address == match::IpAddress{0xcb007107, false});
  CHECK(record.tokens_in == 12);
  CHECK_FALSE(record.tokens_out);
  CHECK(record.email_domain == "mail.example");
  CHECK(record.prompt == "Why?");
  CHECK(only_record("when,Customer ID", "1795176000,a", {"time=when", "account=Customer ID"}).account == "a");
}

TEST_CASE("A header that names no time, nobody, or a column twice is none") {
  for (auto const* other : {"", "time", "account", "time,model", "Time,account", "time,account,account",
                            "time,\"account\"x", "{\"time\":1,\"account\":2}"})
    CHECK_FALSE(table(other));
  CHECK(table("time,account,other,other"));
  CHECK_FALSE(table("time,account", {"account=customer"}));
}

TEST_CASE("Why a row is no record says nothing that stands in it") {
  CHECK(why_not("time,account", "1795176000") == "It has more cells than the header, or fewer.");
  CHECK(why_not("time,account", "1795176000,a,b") == "It has more cells than the header, or fewer.");
  CHECK(why_not("time,account", "1795176000,a\"b") == "It has a quote where none may be.");
  CHECK(why_not("time,account", "never,a") == "Its time cannot be read.");
  CHECK(why_not("time,account", "1795176000,-") == "It has neither an account nor an address.");
}

TEST_CASE("Bytes that are no UTF-8 hide nothing of a row") {
  CHECK(only_record("time,account,user_agent", "1795176000,a,x\xff\xc3").user_agent == "x??");
}

TEST_CASE("A log of CSV is known by its header, and read however its text is cut into pieces") {
  std::string const text =
      "\xef\xbb\xbftime,account,prompt\r\n1795176000,a,\"one\r\n\r\n\"\"two\"\", three\"\r\n\r\n1795176000,b,x\r\n"
      "never,c,x\r\n1795176000,d,";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    auto const log = read(text, piece);
    CHECK(log.format == Format::csv);
    CHECK(log.mistake.empty());
    CHECK(accounts(log) == Cells{"a", "b", "d"});
    REQUIRE_FALSE(log.records.empty());
    CHECK(log.records[0].prompt == "one\r\n\r\n\"two\", three");
    CHECK(log.counts.lines == 4);
    REQUIRE(log.counts.worst.size() == 1);
    CHECK(log.counts.worst[0].line == 7);
  }
}

TEST_CASE("Rows without a header are no requests") {
  auto const log = read("1795176000,a\n1795176000,b\n", 5, Format::csv);
  CHECK(log.counts.records == 0);
  REQUIRE(log.counts.worst.size() == 2);
  CHECK(log.counts.worst[0].why == "It is no header that names a time, and an account or an address.");
  CHECK(read("1795176000,a\n", 5).counts.worst.at(0).why == "It is of no format that is known.");
  CHECK(accounts(read("when,who\n1795176000,a\n", 5, {}, {"time=when", "account=who"})) == Cells{"a"});
  CHECK(read("time,account\n", 5, Format::gateway).counts.bad() == 1);
}

TEST_CASE("A row that a stray quote spoils hides no other, and one that never ends makes the log no whole one") {
  auto const spoilt = read("time,account\n1795176000,a\"b\n1795176000,c\n1795176000,\"d\"e\n1795176000,f\n", 5);
  CHECK(accounts(spoilt) == Cells{"c", "f"});
  CHECK(spoilt.counts.bad() == 2);
  CHECK(spoilt.mistake.empty());
  for (auto const* rest : {"\"b\n1795176000,c\n", "\"b", "\"", "\"b\n"})
    CHECK(read("time,account\n1795176000,a\n1795176000," + std::string(rest), 5).mistake ==
          "The row that begins in line 3 has a quote that nothing closes.");
}

TEST_CASE("A row of many lines that has no end is not kept, and what comes after it is read") {
  std::string text = "time,account\n1795176000,a\n1795176000,\"";
  while (text.size() <= kLongestLine + 64) text += std::string(1023, 'x') + "\n";
  auto const log = read(text + "\n1795176000,b\n", 64u << 10);
  CHECK(accounts(log).front() == "a");
  CHECK(accounts(log).back() == "b");
  CHECK(log.counts.worst.at(0).line == 3);
  CHECK(log.counts.worst.at(0).why == "It is longer than 16 MiB.");
  CHECK(log.mistake.empty());
}
