#include "clients/logs/log_reader.hpp"

#include "tests/support/catch.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::logs;

struct Read {
  std::vector<std::string> accounts;
  LogCounts counts;
};

Read read(std::string_view text, std::size_t piece, std::optional<Format> format = {}) {
  Read out;
  auto reader = LogReader::make(format, {}, [&](AccessRecord const& one) { out.accounts.push_back(one.account); });
  REQUIRE(reader);
  for (std::size_t begin = 0; begin < text.size(); begin += piece) reader->feed(text.substr(begin, piece));
  reader->finish();
  out.counts = reader->counts();
  return out;
}

std::string line(std::string const& account) { return R"({"ts":1795176000,"account":")" + account + "\"}"; }

}  // namespace

TEST_CASE("A log is read line by line, however its text is cut into pieces") {
  auto const text = "\xef\xbb\xbf" + line("a") + "\r\n\n \t\n" + line("b") + "\n" + line("c");
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    auto const log = read(text, piece);
    CHECK(log.accounts == std::vector<std::string>{"a", "b", "c"});
    CHECK(log.counts.lines == 3);
    CHECK(log.counts.bad() == 0);
  }
}

TEST_CASE("Lines that are no record are counted, and the first are told by number and reason") {
  auto const log = read(line("a") + "\n\n{}\n" + line("b") + "\n{\n{}\n{}\n{}\n{}\n", 7);
  CHECK(log.accounts == std::vector<std::string>{"a", "b"});
  CHECK(log.counts.lines == 8);
  CHECK(log.counts.bad() == 6);
  REQUIRE(log.counts.worst.size() == 5);
  CHECK(log.counts.worst[0].line == 3);
  CHECK(log.counts.worst[0].why == "It has no time.");
  CHECK(log.counts.worst[1].line == 5);
}

TEST_CASE("A line without an end is not kept, and what comes after it is read") {
  auto const text = line("a") + "\n" + std::string(kLongestLine + 1, 'x') + "\n" + line("b") + "\n";
  auto const log = read(text, 64u << 10);
  CHECK(log.accounts == std::vector<std::string>{"a", "b"});
  REQUIRE(log.counts.worst.size() == 1);
  CHECK(log.counts.worst[0].line == 2);
  CHECK(log.counts.worst[0].why == "It is longer than 16 MiB.");
  CHECK(read(line("a") + "\n" + std::string(kLongestLine + 1, 'x'), 64u << 10).counts.bad() == 1);
}

TEST_CASE("The first line of a format that is known decides for all; what is before it is bad") {
  auto const log = read("# a comment\n" + line("a") + "\n" + line("b"), 5);
  CHECK(log.accounts == std::vector<std::string>{"a", "b"});
  CHECK(log.counts.worst.at(0).why == "It is of no format that is known.");
  CHECK(read(line("a"), 5, Format::alb).counts.bad() == 1);
  CHECK_FALSE(LogReader::make({}, {"nothing"}, [](AccessRecord const&) {}));
}
