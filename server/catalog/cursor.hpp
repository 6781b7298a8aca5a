// TAXII `next`: where a pull goes on, with all its filters, encrypted and authenticated, so that ledger sequences never
// leave and nobody can forge a place. Equal contents give equal text: a page that is made again has the same bytes. Any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"

namespace tocsin::catalog {

struct Cursor {
  std::int64_t collection = 0;
  std::int64_t after_sequence = 0;
  std::string filters;  // the canonical query of PageRequest
};

class CursorCodec {
 public:
  explicit CursorCodec(core::Digest const& key);  // 32 secret bytes that survive restarts

  [[nodiscard]] std::string seal(Cursor const& cursor) const;
  [[nodiscard]] std::optional<Cursor> open(std::string_view text) const;  // nullopt: not made here, or changed

 private:
  core::Digest encryption_key_, nonce_key_;
};

}  // namespace tocsin::catalog
