// How long an answer may take, with the worker's clock turned by the test.
#include "server/http/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <optional>
#include <string>

#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

using namespace std::chrono_literals;

// A connection that sends more than its socket holds, and the peer's end of that socket.
class Sending {
 public:
  explicit Sending(SendTime time) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
    peer_ = FileDescriptor(ends[1]);
    connection_.emplace(context_, FileDescriptor(ends[0]), TlsContext(), buffers_);
    began_ = Connection::Clock::now();
    boost::asio::co_spawn(context_, connection_->send(Gather(bytes_), time),
                          [this](std::exception_ptr, bool sent) { sent_ = sent; });
    context_.poll();
  }

  // Whether anything was there to be read; the connection then sends on.
  bool read() {
    std::array<char, 256 * 1024> into;
    bool some = ::recv(peer_.get(), into.data(), into.size(), 0) > 0;
    context_.restart();
    context_.poll();
    return some;
  }
  void check_after(Connection::Clock::duration passed) {
    connection_->check(began_ + passed);
    context_.restart();
    context_.poll();
  }
  [[nodiscard]] std::optional<bool> sent() const { return sent_; }

 private:
  std::string const bytes_ = std::string(8 << 20, 'x');
  boost::asio::io_context context_;
  ThreadBuffers buffers_;
  FileDescriptor peer_;
  std::optional<Connection> connection_;
  Connection::Clock::time_point began_;
  std::optional<bool> sent_;
};

TEST_CASE("An answer that is taken in time is sent whole", "[http][connection]") {
  Sending answer({1h, 1h});
  while (!answer.sent() && answer.read()) continue;
  CHECK(answer.sent() == true);
}

TEST_CASE("An answer that nobody takes ends when nothing moved for the stall time", "[http][connection]") {
  Sending answer({30min, 2h});
  answer.check_after(29min);
  CHECK_FALSE(answer.sent());
  answer.check_after(31min);
  CHECK(answer.sent() == false);
}

TEST_CASE("An answer of which a little is taken now and then ends with its whole time", "[http][connection]") {
  Sending answer({2h, 1h});
  for (auto passed : {10min, 20min, 59min}) {
    CHECK(answer.read());
    answer.check_after(passed);
    CHECK_FALSE(answer.sent());
  }
  CHECK(answer.read());
  answer.check_after(61min);
  CHECK(answer.sent() == false);
}

}  // namespace
}  // namespace tocsin::http
