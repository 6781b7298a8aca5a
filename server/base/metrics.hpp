// Counters, gauges and histograms, rendered as Prometheus text. Registered at start-up by their owners, updated from
// any thread without locks. Names and labels never carry identifiers or values of content; tests/golden/metrics.txt
// lists all names.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::base {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// Seconds, in fixed buckets from 0.5 ms to 10 s.
class Histogram {
 public:
  static constexpr std::array<double, 14> kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                  0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  void observe(double seconds);
  [[nodiscard]] std::array<std::uint64_t, kBounds.size() + 1> counts() const;  // not cumulative
  [[nodiscard]] double sum() const;

 private:
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> nanoseconds_{0};
};

class Metrics {
 public:
  // The reference stays valid as long as the registry. `labels` is "" or `surface="taxii",status="2xx"`. Asking again
  // for the same name and labels returns the same metric. A name has one kind and one help text: another throws
  // std::logic_error.
  Counter& counter(std::string_view name, std::string_view help, std::string_view labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, std::string_view labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::string_view labels = {});

  [[nodiscard]] std::string render() const;              // Prometheus text format 0.0.4, sorted by name
  [[nodiscard]] std::vector<std::string> names() const;  // sorted, each once

 private:
  template <class T>
  struct Entry {
    std::string name, labels;
    T metric;
  };
  void claim(std::string_view name, std::string_view help, char const* kind);  // under mutex_

  struct Family {
    std::string help, kind;
  };
  mutable std::mutex mutex_;  // guards what follows, not the metrics' values
  std::map<std::string, Family, std::less<>> families_;
  std::deque<Entry<Counter>> counters_;
  std::deque<Entry<Gauge>> gauges_;
  std::deque<Entry<Histogram>> histograms_;
};

}  // namespace tocsin::base
