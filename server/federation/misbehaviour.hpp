// Where two statements of a peer's log that contradict each other go. Owned by the application; any thread.
#pragma once

#include <string>

#include "schema/core/error.hpp"
#include "schema/log/evidence.hpp"

namespace tocsin::federation {

class Misbehaviour {
 public:
  virtual ~Misbehaviour() = default;

  // What `origin` (of its data log) signed first, and later; `verdict` is log_rollback or log_forked. Nothing of it was
  // taken, and nothing is before another attempt, which may end here again.
  virtual void report(std::string const& origin, core::Code verdict, std::string const& stored_note,
                      std::string const& new_note) = 0;

  // The same, where the log itself said what shows it: its tree at the larger size does not begin with the one that it
  // signed before.
  virtual void report(std::string const& origin, log::Evidence const& evidence) = 0;
};

}  // namespace tocsin::federation
