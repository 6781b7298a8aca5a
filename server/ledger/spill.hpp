// A file of fixed size, made while there is room, for audit entries that cannot be stored now: writing into it needs no
// new space on a full disk. Lines of time, tab and entry; the first NUL ends it. Owned by ReadAudit; one thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "server/store/audit_store.hpp"

namespace tocsin::ledger {

class Spill {
 public:
  // Keeps what an earlier process left in it. Without room for the file its capacity is 0: nothing fits.
  Spill(std::filesystem::path const& file, std::size_t bytes);
  ~Spill();
  Spill(Spill const&) = delete;
  Spill& operator=(Spill const&) = delete;

  // On disk when it returns true; false: it does not fit, or the file cannot be written.
  [[nodiscard]] bool append(std::span<store::AuditEntry const> entries);

  // In order. A line that a crash cut short is left out.
  [[nodiscard]] std::vector<store::AuditEntry> read() const;
  [[nodiscard]] bool empty() const { return used_ == 0; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  // Forgets the first `count` entries.
  void drop(std::size_t count);

 private:
  int descriptor_ = -1;
  std::size_t capacity_ = 0, used_ = 0;
};

}  // namespace tocsin::ledger
