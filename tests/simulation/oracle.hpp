// What members of a mesh said, and who may have it: worked out from the rule by which the agreements were made, and by
// nothing of what is tested. Owned by the mesh; one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/stix/marking.hpp"
#include "tests/simulation/founding.hpp"
#include "tests/simulation/ways.hpp"

namespace tocsin::simulation {

// A version of an indicator that somebody published.
struct Said {
  std::size_t origin = 0, member = 0;
  std::string collection;
  stix::Tlp level = stix::Tlp::clear;
  core::Uuid uuid{};
  std::int64_t modified_ms = 0;
  std::string modified{};  // as STIX writes it
  bool recalled = false;
  bool in_anothers_name = false;
};

class Oracle {
 public:
  Oracle(Founding const& founding, Ways const& ways, std::optional<std::size_t> liar)
      : founding_(founding), ways_(ways), liar_(liar) {}

  void said(Said one) { said_.push_back(std::move(one)); }
  void recalled(core::Uuid const& uuid);
  [[nodiscard]] std::vector<Said> const& all() const { return said_; }
  // `modified`: as STIX writes it; "": any version.
  [[nodiscard]] Said const* find(std::string const& id, std::string const& modified = "") const;

  // Recalled or not. Of what a liar shows or hands on, as much as was agreed at the receiver.
  [[nodiscard]] bool may_have(std::size_t receiver, Said const& one) const;

  // What `receiver` has to show of the origin when both are at rest: id and instant of the newest version.
  using Versions = std::set<std::pair<std::string, std::int64_t>>;
  [[nodiscard]] Versions to_be_shown(std::size_t receiver, std::size_t origin) const;

 private:
  [[nodiscard]] bool may_have_of(std::size_t receiver, Said const& one) const;  // of the origin itself
  [[nodiscard]] bool may_be_handed_on(std::vector<std::size_t> const& relays, std::size_t receiver,
                                      Said const& one) const;

  Founding const& founding_;
  Ways const& ways_;
  std::optional<std::size_t> liar_;
  std::vector<Said> said_;
};

}  // namespace tocsin::simulation
