// Claims in the native form: which objects of an organisation say what of a value. The commit keeps them, in the
// transaction that stores the objects; readers look them up for their asserter alone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"

namespace tocsin::store {

// What a claim is about.
struct ClaimKey {
  std::string kind;
  core::Digest value{};  // SHA-256 of the pattern
};

// What a candidate is of a claim. The indicator goes first (or the campaign or infrastructure that is the subject of
// the claim): it is the one that the claim has, or that of a new claim, or the one that follows `replaces`; else
// another submission was faster. The other parts are stored only beside the version of the indicator that they were
// submitted with.
struct ClaimPart {
  enum class Role : std::uint8_t { indicator, observable, relationship, succession, link } role = Role::indicator;

  ClaimKey key;
  core::Uuid indicator{};
  std::int64_t modified_ns = 0;        // the version of the indicator
  std::optional<core::Uuid> replaces;  // an indicator that was revoked
  std::optional<ClaimKey> link{};      // under which a link is found: its type, and what it leads from and to
  std::vector<core::Uuid> ends{};      // of a link or a succession
};

// The bytes of what is stored of a claim, "" where there is nothing.
struct StoredClaim {
  std::string indicator;  // the newest version
  std::string observable, relationship;
  std::string namesake;  // the object that the question named
};

struct ClaimQuestion {
  ClaimKey key;
  std::optional<std::pair<std::string, core::Uuid>> namesake;  // type and UUID of an object without versions
};

class ClaimReader {
 public:
  virtual ~ClaimReader() = default;
  // One answer a question. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<StoredClaim>> claims(std::int64_t asserter,
                                                                      std::span<ClaimQuestion const> questions) = 0;
};

}  // namespace tocsin::store
