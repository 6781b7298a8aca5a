// The one door: bytes become candidates for the commit, or precise refusals. Nothing is stored here. Pure but for the directory; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/stix/object.hpp"
#include "server/access/directory.hpp"
#include "server/base/live.hpp"
#include "server/store/rows.hpp"

namespace tocsin::admission {

struct Limits {
  base::Live<std::size_t> object_bytes{1 << 20};
  base::Live<std::int64_t> future_tolerance_us{300'000'000};
};

// Who submits, where to and when.
struct Visit {
  std::shared_ptr<access::Directory const> directory;
  access::StatementMarkings const* statements = nullptr;
  store::RowId asserter = 0;
  store::Collection collection;
  std::int64_t now_us = 0;
};

struct Admitted {
  std::vector<store::Candidate> candidates;               // in the order of the body
  std::vector<store::SubmissionRecord::Refusal> refused;
};

class Door {
 public:
  explicit Door(Limits const& limits) : limits_(limits) {}
  void set_limits(Limits const& limits) { limits_ = limits; }

  // An envelope or bundle. An object that is refused does not spoil the others. Errors, for the body as a whole: those of split_envelope.
  [[nodiscard]] core::Result<Admitted> admit(std::string_view body, Visit const& visit) const;

 private:
  [[nodiscard]] core::Result<void> check(stix::Object const& object, Visit const& visit) const;

  Limits limits_;
};

}  // namespace tocsin::admission
