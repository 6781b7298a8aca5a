#include "server/base/metrics.hpp"

#include <limits>
#include <stdexcept>
#include <thread>

#include "tests/support/catch.hpp"

using namespace tocsin::base;

TEST_CASE("metrics are rendered as Prometheus text, families sorted by name and each with one head",
          "[base][metrics]") {
  Metrics metrics;
  metrics.counter("tocsin_requests_total", "Answers sent.", R"(status="2xx")").add(3);
  metrics.gauge("tocsin_connections", "Open connections.").set(-2);
  metrics.counter("tocsin_requests_total", "Answers sent.", R"(status="4xx")").add();
  CHECK(metrics.render() ==
        "# HELP tocsin_connections Open connections.\n"
        "# TYPE tocsin_connections gauge\n"
        "tocsin_connections -2\n"
        "# HELP tocsin_requests_total Answers sent.\n"
        "# TYPE tocsin_requests_total counter\n"
        "tocsin_requests_total{status=\"2xx\"} 3\n"
        "tocsin_requests_total{status=\"4xx\"} 1\n");
  CHECK(metrics.names() == std::vector<std::string>{"tocsin_connections", "tocsin_requests_total"});
}

TEST_CASE("a histogram's buckets are cumulative and its bounds inclusive", "[base][metrics]") {
  Metrics metrics;
  auto& histogram = metrics.histogram("tocsin_seconds", "How long.", R"(route="x")");
  for (double seconds : {0.0005, 0.0006, 10.0, 11.0}) histogram.observe(seconds);
  auto text = metrics.render();
  CHECK(text.find("tocsin_seconds_bucket{route=\"x\",le=\"0.0005\"} 1\n") != text.npos);
  CHECK(text.find("tocsin_seconds_bucket{route=\"x\",le=\"0.001\"} 2\n") != text.npos);
  CHECK(text.find("tocsin_seconds_bucket{route=\"x\",le=\"10\"} 3\n") != text.npos);
  CHECK(text.find("tocsin_seconds_bucket{route=\"x\",le=\"+Inf\"} 4\n") != text.npos);
  CHECK(text.find("tocsin_seconds_sum{route=\"x\"} 21.0011\n") != text.npos);
  CHECK(text.find("tocsin_seconds_count{route=\"x\"} 4\n") != text.npos);
}

TEST_CASE("a duration that is no duration does not spoil a histogram", "[base][metrics]") {
  Histogram histogram;
  histogram.observe(std::numeric_limits<double>::quiet_NaN());
  histogram.observe(-1);
  CHECK(histogram.counts().front() == 2);
  CHECK(histogram.sum() == 0);
  histogram.observe(std::numeric_limits<double>::infinity());
  CHECK(histogram.counts().back() == 1);
  CHECK(histogram.sum() == 1e9);
}

TEST_CASE("the same name and labels are the same metric; another kind or help is refused", "[base][metrics]") {
  Metrics metrics;
  auto& first = metrics.counter("a_total", "A.");
  for (int i = 0; i < 100; ++i) metrics.counter("b_total", "B.", "n=\"" + std::to_string(i) + "\"");
  CHECK(&metrics.counter("a_total", "A.") == &first);
  CHECK_THROWS_AS(metrics.gauge("a_total", "A."), std::logic_error);
  CHECK_THROWS_AS(metrics.counter("a_total", "Something else."), std::logic_error);
}

TEST_CASE("a help text cannot break out of its line", "[base][metrics]") {
  Metrics metrics;
  metrics.gauge("g", "one\ntwo \\ three");
  CHECK(metrics.render() == "# HELP g one\\ntwo \\\\ three\n# TYPE g gauge\ng 0\n");
}

TEST_CASE("threads count without losing any while the text is rendered", "[base][metrics]") {
  Metrics metrics;
  auto& counter = metrics.counter("c_total", "C.");
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&counter] {
        for (int i = 0; i < 1'000; ++i) counter.add();
      });
    CHECK(metrics.render().starts_with("# HELP c_total C.\n"));
  }
  CHECK(counter.value() == 4'000);
}
