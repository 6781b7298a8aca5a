// Where those who follow peers keep what they verified, and hand in what was opened. Owned by app; called by the
// threads that follow, which wait for each call; never on the commit thread.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/header.hpp"
#include "schema/log/openings.hpp"
#include "server/store/origin_store.hpp"

namespace tocsin::federation {

class Intake {
 public:
  virtual ~Intake() = default;

  // As it is stored, made when there is none. Errors: those of the store.
  [[nodiscard]] virtual core::Result<store::Origin> origin(std::string const& name) = 0;

  // These as OriginStore has them.
  [[nodiscard]] virtual core::Result<void> verified(store::RowId origin, store::LogName name,
                                                    store::OriginLog const& log, std::string_view hashes) = 0;
  [[nodiscard]] virtual core::Result<void> begin_again(store::RowId origin) = 0;
  [[nodiscard]] virtual core::Result<std::string> hashes(store::RowId origin, store::LogName name, std::uint64_t first,
                                                         std::uint64_t count) = 0;

  // admission::admit_foreign by what is agreed when it is asked for. Error: origin_not_agreed, when nothing is, or it
  // would have to wait for an analyst.
  using Judge = std::function<std::expected<store::ForeignObject, std::vector<core::Error>>(log::OpenedEntry const&,
                                                                                            log::Header const&)>;
  [[nodiscard]] virtual core::Result<Judge> judge(store::Origin const& origin) = 0;

  // One transaction. Errors: conflict when `applied.from` is not what is stored; those of the store.
  [[nodiscard]] virtual core::Result<std::vector<store::Fate>> deliver(store::Delivery delivery) = 0;

  // As OriginStore has it. Who keeps no numbers finds nothing amiss in them.
  [[nodiscard]] virtual core::Result<store::Completeness> completeness(store::RowId) { return store::Completeness{}; }
};

}  // namespace tocsin::federation
