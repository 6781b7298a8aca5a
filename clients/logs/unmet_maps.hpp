// Which mappings of a log nobody met: a member that no request has was written otherwise than it is, and would make
// everything silently of nobody. Owned by a LogReader; one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "clients/logs/access_record.hpp"
#include "clients/logs/field_names.hpp"

namespace tocsin::logs {

struct Mapping {
  Field field = Field::time;
  std::string member;
};

class UnmetMaps {
 public:
  // FIELD=NAME each, as FieldNames::map took them.
  explicit UnmetMaps(std::vector<std::string> const& maps);

  // A request of the log: what it says was found.
  void take(AccessRecord const& record);

  [[nodiscard]] std::vector<Mapping> const& left() const { return left_; }

 private:
  std::vector<Mapping> left_;
};

}  // namespace tocsin::logs
