// How much memory the request bodies that are gathered hold, and the decoders of all, in all and for one organisation;
// `held` shows it to the operator.
// Owned by Server, outlives every Hold; any thread. A Hold is one body's and its session's thread alone may use it.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "server/base/live.hpp"
#include "server/base/metrics.hpp"

namespace tocsin::http {

class BodyMemory {
 public:
  enum class Grown : std::uint8_t { yes, server_full, organisation_full };

  // What one body has taken; given back when it goes.
  class Hold {
   public:
    // `longest` is the most bytes that a body of this kind may have.
    Hold(BodyMemory& memory, std::int64_t organisation, std::uint64_t longest)
        : memory_(memory), organisation_(organisation), longest_(longest) {}
    Hold(Hold const&) = delete;
    Hold& operator=(Hold const&) = delete;
    ~Hold() { memory_.give(organisation_, bytes_); }

    // From now on the body holds `bytes`; never fewer than before. Unless it says yes, nothing changed.
    [[nodiscard]] Grown grow_to(std::uint64_t bytes);

   private:
    BodyMemory& memory_;
    std::int64_t const organisation_;
    std::uint64_t const longest_;
    std::uint64_t bytes_ = 0;
  };

  BodyMemory(std::uint64_t most, base::Gauge& held) : most_(most), shown_(held) {}
  // Bytes; what is held beyond them stays held.
  void set_most(std::uint64_t most) { most_ = most; }

 private:
  [[nodiscard]] Grown take(std::int64_t organisation, std::uint64_t bytes, std::uint64_t share_at_least);
  void give(std::int64_t organisation, std::uint64_t bytes);

  base::Live<std::uint64_t> most_;
  base::Gauge& shown_;
  std::mutex mutex_;
  std::uint64_t held_ = 0;
  std::unordered_map<std::int64_t, std::uint64_t> by_organisation_;  // without those that hold nothing
};

}  // namespace tocsin::http
