// Objects to submit, and the hall before the door: two members and a collection. Used by one test at a time.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "server/admission/door.hpp"

namespace tocsin::test {

inline constexpr std::int64_t kNow = 1'770'000'000'000'000;  // 2026-02-02T02:40:00Z
inline constexpr char kOwnIdentity[] = "identity--0b7e9c1c-2b6c-4b7e-8f0c-5a2b1d9f7c11";
inline constexpr char kForeignIdentity[] = "identity--8c49ee4b-2f1c-4a58-9a3b-1b6a0e6f6f0a";

// A valid indicator, marked TLP:GREEN, `number` in its id.
[[nodiscard]] nlohmann::json indicator(int number = 1);
[[nodiscard]] nlohmann::json statement_marking(std::string const& id);
[[nodiscard]] std::string text(nlohmann::json const& object, char const* name);

[[nodiscard]] std::string envelope(std::vector<std::string> const& objects);
[[nodiscard]] std::string envelope(std::vector<nlohmann::json> const& objects);

// Members 1 ("Aurora", kOwnIdentity) and 2 ("Borealis", kForeignIdentity). Member 1 submits, at kNow, to a collection
// whose default level is green.
struct Hall {
  Hall();
  [[nodiscard]] core::Result<admission::Admitted> submit(std::string const& body) const;
  // What became of one object: its candidate, which must be there.
  [[nodiscard]] store::Candidate accepted(nlohmann::json const& object) const;
  // And of one that must have been refused.
  [[nodiscard]] store::SubmissionRecord::Refusal refused(std::string const& object) const;

  admission::Limits limits;
  access::StatementMarkings statements;
  admission::Visit visit;
};

}  // namespace tocsin::test
