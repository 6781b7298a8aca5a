#include "clients/logs/log_reader.hpp"

#include <zlib.h>
#include <zstd.h>

#include "tests/support/catch.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::logs;

struct Read {
  std::vector<std::string> accounts;
  LogCounts counts;
  std::string mistake;  // "": the log is whole
};

Read read(std::string_view text, std::size_t piece, std::optional<Format> format = {}) {
  Read out;
  auto reader = LogReader::make(format, {}, [&](AccessRecord const& one) { out.accounts.push_back(one.account); });
  REQUIRE(reader);
  for (std::size_t begin = 0; begin < text.size(); begin += piece) reader->feed(text.substr(begin, piece));
  auto const whole = reader->finish();
  if (!whole) out.mistake = whole.error().detail;
  out.counts = reader->counts();
  return out;
}

std::string gzipped(std::string const& text) {
  z_stream stream{};
  REQUIRE(::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(::deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

std::string zstandard(std::string const& text) {
  std::string out(::ZSTD_compressBound(text.size()), '\0');
  out.resize(::ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
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

TEST_CASE("A log that is packed is read as if it was not, however it is cut, and in several pieces behind each other") {
  auto const first = line("a") + "\n" + line("b"), second = "b\n" + line("c") + "\n";
  std::string const skipped("\x50\x2a\x4d\x18\x02\x00\x00\x00xx", 10);
  for (auto const& log :
       {gzipped(first + "\n") + gzipped(second), zstandard(first + "\n") + skipped + zstandard(second),
        gzipped(first + "\n" + second) + std::string(512, '\0')})
    for (std::size_t piece = 1; piece <= log.size(); ++piece) {
      auto const one = read(log, piece);
      CHECK(one.mistake.empty());
      CHECK(one.accounts == std::vector<std::string>{"a", "b", "c"});
      CHECK(one.counts.bad() == 1);  // the rest of a line
    }
}

TEST_CASE("A packed log whose end is missing is told to be so, and what came before is read") {
  auto const text = line("a") + "\n" + line("b") + "\n";
  for (auto const& [packed, name] : {std::pair(gzipped(text), "gzip"), std::pair(zstandard(text), "Zstandard")}) {
    for (std::size_t size = 4; size < packed.size(); ++size)
      CHECK(read(packed.substr(0, size), 7).mistake == std::string("Its ") + name + " data has no end.");
    auto const both = read(packed + packed.substr(0, 6), 7);
    CHECK(both.accounts.size() == 2);
    CHECK_FALSE(both.mistake.empty());
  }
}

TEST_CASE("A packed log that is damaged is told to be so, and nothing is made of what comes after") {
  auto const text = line("a") + "\n" + line("b") + "\n";
  auto broken = gzipped(text);
  broken[broken.size() - 6] ^= 1;  // its checksum
  CHECK(read(broken, 3).mistake == "Its gzip data is damaged.");
  CHECK(read(gzipped(text) + "and text", 3).mistake == "Its gzip data is damaged.");
  CHECK(read(zstandard(text) + "and text", 3).mistake == "Its Zstandard data is damaged.");
  CHECK(read(gzipped(text) + "and text" + gzipped(text), 3).accounts.size() == 2);
}

TEST_CASE("What a packed log makes is not kept") {
  auto const log = read(gzipped(line("a") + "\n" + std::string(64u << 20, 'x') + "\n" + line("b")), 64u << 10);
  CHECK(log.accounts == std::vector<std::string>{"a", "b"});
  CHECK(log.counts.worst.at(0).why == "It is longer than 16 MiB.");
}

TEST_CASE("A log that is shorter than the beginning of a packed one is text") {
  CHECK(read("{}", 1).counts.bad() == 1);
  CHECK(read("", 1).counts.lines == 0);
}

TEST_CASE("A mapped member that no record has is told, and one that some have is not") {
  std::vector<std::string> const maps{"account=who.id", "address=from", "model=modell", "email=mail",
                                      "user_agent=agent"};
  auto reader = LogReader::make({}, maps, [](AccessRecord const&) {});
  REQUIRE(reader);
  auto const unmet = [&] {
    std::vector<std::string> out;
    for (auto const& one : reader->unmet_maps()) out.push_back(std::string(name(one.field)) + "=" + one.member);
    return out;
  };
  CHECK(unmet() == maps);
  reader->feed(R"({"ts":1795176000,"who":{"id":"a"},"agent":"-"})"
               "\n");
  CHECK(unmet() == std::vector<std::string>{"address=from", "model=modell", "email=mail", "user_agent=agent"});
  reader->feed(R"({"ts":1795176000,"from":"192.0.2.1","mail":"a@mail.example","agent":"x/1"})"
               "\n");
  CHECK(unmet() == std::vector<std::string>{"model=modell"});
  CHECK(reader->counts().records == 2);
}
