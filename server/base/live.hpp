// A number that may change while others read it: what a reload of the configuration changes. A reader sees the old or
// the new one; two of them need not change at the same moment. Owned by whoever is limited by it; any thread.
#pragma once

#include <atomic>

namespace tocsin::base {

template <class T>
class Live {
 public:
  Live() = default;
  explicit Live(T value) : value_(value) {}
  Live(Live const& other) : value_(other.get()) {}
  Live& operator=(Live const& other) { return *this = other.get(); }
  Live& operator=(T value) {
    value_.store(value, std::memory_order_relaxed);
    return *this;
  }
  ~Live() = default;

  [[nodiscard]] T get() const { return value_.load(std::memory_order_relaxed); }
  operator T() const { return get(); }

 private:
  std::atomic<T> value_{};
};

}  // namespace tocsin::base
