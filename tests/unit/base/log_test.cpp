#include "server/base/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <vector>

#include "schema/core/bytes.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin::base;

namespace {

// A pipe whose writing end a Log gets; a megabyte of it holds what a test writes before anything is read.
class Pipe {
 public:
  Pipe() {
    REQUIRE(::pipe2(ends_, O_CLOEXEC) == 0);
    REQUIRE(::fcntl(ends_[1], F_SETPIPE_SZ, 1 << 20) > 0);
  }
  ~Pipe() {
    ::close(ends_[0]);
    if (ends_[1] >= 0) ::close(ends_[1]);
  }
  [[nodiscard]] int writing_end() const { return ends_[1]; }

  std::vector<std::string> lines() {
    ::close(std::exchange(ends_[1], -1));
    std::string text, part(4096, '\0');
    for (ssize_t got = 0; (got = ::read(ends_[0], part.data(), part.size())) > 0;)
      text.append(part, 0, static_cast<std::size_t>(got));
    CHECK((text.empty() || text.back() == '\n'));
    std::vector<std::string> out;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) out.push_back(line);
    return out;
  }

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace

TEST_CASE("a line of log is a JSON object with time, level, event and the fields in order", "[base][log]") {
  Pipe pipe;
  Log log(pipe.writing_end());
  log.info("server.start", {{"port", std::int64_t{8443}}, {"host", "localhost"}, {"demo", true}, {"seconds", 0.25}});
  auto lines = pipe.lines();
  REQUIRE(lines.size() == 1);
  auto at = lines[0].find("\"level\"");
  CHECK(lines[0].substr(at) ==
        R"("level":"info","event":"server.start","port":8443,"host":"localhost","demo":true,"seconds":0.25})");
  auto time = nlohmann::json::parse(lines[0]).at("at").get<std::string>();
  CHECK(time.size() == std::string("2026-01-02T03:04:05.678901Z").size());
  CHECK(time.back() == 'Z');
  CHECK(time[10] == 'T');
  CHECK(time[19] == '.');
}

TEST_CASE("whatever bytes a field has, the line is one line of valid JSON", "[base][log]") {
  Pipe pipe;
  Log log(pipe.writing_end());
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  log.error(every, {{every, every}, {"cut", "a\xE2\x82"}, {"surrogate", "\xED\xA0\x80"}, {"euro", "\xE2\x82\xAC"}});
  auto lines = pipe.lines();
  REQUIRE(lines.size() == 1);
  CHECK(tocsin::core::is_utf8(lines[0]));
  auto line = nlohmann::json::parse(lines[0]);
  CHECK(line.at("cut") == "a\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(line.at("surrogate") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(line.at("euro") == "\xE2\x82\xAC");
  CHECK(line.at("event").get<std::string>().substr(0, 128) == every.substr(0, 128));
}

TEST_CASE("a number that JSON lacks is null", "[base][log]") {
  Pipe pipe;
  Log log(pipe.writing_end());
  log.info("x", {{"nan", std::numeric_limits<double>::quiet_NaN()},
                 {"huge", 1e300},
                 {"least", std::numeric_limits<std::int64_t>::min()}});
  auto line = nlohmann::json::parse(pipe.lines().at(0));
  CHECK(line.at("nan").is_null());
  CHECK(line.at("huge") == 1e300);
  CHECK(line.at("least") == std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("lines below the least level are left out, and the level can change", "[base][log]") {
  Pipe pipe;
  Log log(pipe.writing_end(), Level::warning);
  log.info("one");
  log.warning("two");
  log.set_least(Level::debug);
  log.debug("three");
  auto lines = pipe.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].ends_with(R"("level":"warning","event":"two"})"));
  CHECK(lines[1].ends_with(R"("level":"debug","event":"three"})"));
}

TEST_CASE("threads never mix their lines", "[base][log]") {
  Pipe pipe;
  Log log(pipe.writing_end());
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&log] {
        for (int i = 0; i < 200; ++i) log.info("busy", {{"text", std::string(300, 'x')}});
      });
  }
  auto lines = pipe.lines();
  CHECK(lines.size() == 800);
  for (auto const& line : lines) CHECK(nlohmann::json::accept(line));
}

TEST_CASE("a log that cannot be written stops nobody", "[base][log]") {
  Log log(-1);
  CHECK_NOTHROW(log.error("lost"));
}
