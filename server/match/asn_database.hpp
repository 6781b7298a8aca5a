// The autonomous system of an address, from a database file of the user's (MaxMind DB format 2.0, with
// autonomous_system_number, as GeoLite2-ASN has it). The file is mapped: it is replaced, never written over. Constant;
// any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "schema/core/result.hpp"
#include "server/match/ip_address.hpp"

struct MMDB_s;

namespace tocsin::match {

class AsnDatabase {
 public:
  // Error io_failed: it cannot be read, or is no such file.
  [[nodiscard]] static core::Result<AsnDatabase> open(std::string const& path);

  // nullopt: the file does not say, or is damaged there.
  [[nodiscard]] std::optional<std::uint32_t> find(IpAddress const& address) const;

 private:
  struct Closer {
    void operator()(MMDB_s* file) const;
  };
  using File = std::unique_ptr<MMDB_s, Closer>;
  explicit AsnDatabase(File file) : file_(std::move(file)) {}

  File file_;
};

}  // namespace tocsin::match
