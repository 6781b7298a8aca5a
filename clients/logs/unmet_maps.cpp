#include "clients/logs/unmet_maps.hpp"

#include <algorithm>

namespace tocsin::logs {
namespace {

bool says(AccessRecord const& record, Field field) {
  switch (field) {
    case Field::time:
      return true;  // else it were no record
    case Field::account:
      return !record.account.empty();
    case Field::address:
      return record.address.has_value();
    case Field::model:
      return !record.model.empty();
    case Field::prompt:
      return !record.prompt.empty();
    case Field::tokens_in:
      return record.tokens_in.has_value();
    case Field::tokens_out:
      return record.tokens_out.has_value();
    case Field::ja3:
      return !record.ja3.empty();
    case Field::ja4:
      return !record.ja4.empty();
    case Field::ja4h:
      return !record.ja4h.empty();
    case Field::user_agent:
      return !record.user_agent.empty();
    case Field::email:
      return !record.email_domain.empty();
    case Field::domain:
      return !record.domain.empty();
  }
  return true;
}

}  // namespace

UnmetMaps::UnmetMaps(std::vector<std::string> const& maps) {
  for (std::string_view const map : maps)
    for (std::size_t field = 0; field < kFields; ++field)
      if (auto const of = static_cast<Field>(field); map.substr(0, map.find('=')) == name(of))
        left_.push_back({of, std::string(map.substr(map.find('=') + 1))});
}

void UnmetMaps::take(AccessRecord const& record) {
  std::erase_if(left_, [&](Mapping const& one) { return says(record, one.field); });
}

}  // namespace tocsin::logs
