// The text of a log from its bytes: as they are, or unpacked where their beginning says that they are gzip (RFC 1952)
// or Zstandard (RFC 8878), in one piece or several behind each other. Holds a window and no more, however much comes
// out. Owned by a LogReader; one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::logs {

class Unpacking {
 public:
  // Each piece of text in turn, at most 64 KiB where something is unpacked.
  using Take = std::function<void(std::string_view)>;

  Unpacking();
  ~Unpacking();
  Unpacking(Unpacking&&) noexcept;
  Unpacking& operator=(Unpacking&&) noexcept;

  // What comes behind damage is passed over.
  void feed(std::string_view piece, Take const& take);
  // Error bad_request: what was packed is damaged, or its end is missing. What came before it was taken.
  [[nodiscard]] core::Result<void> finish(Take const& take);

  // One way of packing.
  class Unpacker;

 private:
  void begin(Take const& take);

  std::string head_;  // until it tells how the rest is packed
  bool begun_ = false, damaged_ = false;
  std::unique_ptr<Unpacker> unpacker_;  // null: it is text
};

}  // namespace tocsin::logs
