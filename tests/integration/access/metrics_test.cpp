#include <sstream>

#include "server/base/files.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/gates.hpp"
#include "server/http/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/in_process.hpp"

using namespace tocsin;

namespace {

// `name kind` of every family in Prometheus text, in its order.
std::string families(std::string const& text) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("# TYPE ")) out += line.substr(7) + "\n";
  return out;
}

}  // namespace

TEST_CASE("a started instance has exactly the metrics that are listed", "[access][metrics][golden]") {
  test::InProcess world;
  world.publish_logs();
  world.add_peer("ibis.example");
  auto& instance = world.instance();
  // A server registers its metrics when it is made; it need not listen for that.
  http::Server server({}, world.router(), endpoints::gates(instance.context()), endpoints::error_answer, {},
                      instance.log(), instance.metrics());
  test::Call call;
  call.target = "/metrics";
  call.door = test::Door::loopback;
  auto answer = world.ask(call);
  REQUIRE(answer.status == 200);
  auto listed = base::read_file("tests/golden/metrics.txt", 1 << 20);
  REQUIRE(listed.has_value());
  CHECK(families(answer.body) == *listed);
}
