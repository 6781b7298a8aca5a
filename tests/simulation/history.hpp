// What happened in a simulated mesh, line by line. Lines hold nothing that a key or a salt could change, so that one
// seed has one history. Owned by the mesh; one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/core/digest.hpp"
#include "tests/simulation/virtual_time.hpp"

namespace tocsin::simulation {

// An invariant does not hold. No std::exception: the server must not take it for an answer that made it fail.
struct Broken {
  std::string invariant, how;
};

class History {
 public:
  explicit History(VirtualTime const& time) : time_(time) {}

  void note(std::string_view event) {
    auto const since_us = time_.now_us - kBeginning;
    lines_.push_back(std::to_string(since_us / kMillisecond) + " ms " + std::string(event));
  }
  [[noreturn]] void fail(std::string invariant, std::string how) {
    note("BROKEN " + invariant + ": " + how);
    throw Broken{std::move(invariant), std::move(how)};
  }

  [[nodiscard]] std::vector<std::string> const& lines() const { return lines_; }
  [[nodiscard]] core::Digest digest() const {
    std::string all;
    for (auto const& line : lines_) all += line + "\n";
    return core::sha256(all);
  }

 private:
  VirtualTime const& time_;
  std::vector<std::string> lines_;
};

}  // namespace tocsin::simulation
