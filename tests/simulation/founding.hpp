// Instances that have just become peers of each other: keys, accounts, agreements and databases, made once for each
// size and copied for each seed. Owned by the program; one thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schema/log/manifest.hpp"
#include "schema/stix/marking.hpp"
#include "server/app/instance.hpp"
#include "server/federation/peering.hpp"
#include "tests/support/folder.hpp"

namespace tocsin::simulation {

constexpr std::size_t kMembers = 2;  // of an instance
constexpr char const* kCollections[] = {"network", "campaigns"};
constexpr char kInternal[] = "internal";  // named in no agreement

// What is agreed between two instances, as one of them wrote it down.
struct Agreed {
  stix::Tlp max_tlp = stix::Tlp::clear;
  bool campaigns = false;      // besides network
  bool second_member = false;  // may speak here, besides the first
};

struct Founder {
  explicit Founder(std::string const& host);

  std::string host;
  log::SignerKey root, log, freshness, witness, applied;
  std::vector<std::string> identities;  // of its members, as its manifest names them
  log::Manifest manifest;
};

class Founding {
 public:
  explicit Founding(std::size_t instances);

  [[nodiscard]] std::size_t size() const { return founders_.size(); }
  [[nodiscard]] Founder const& of(std::size_t one) const { return *founders_.at(one); }
  // Everything but the database is read there, and nothing written.
  [[nodiscard]] app::Layout layout(std::size_t one) const { return {folder_ / std::to_string(one)}; }
  [[nodiscard]] federation::Own own(std::size_t one) const;

  // By a rule, so that what is expected does not come from the code that is tested.
  [[nodiscard]] bool are_peers(std::size_t one, std::size_t other) const;
  [[nodiscard]] Agreed agreed(std::size_t here, std::size_t with) const;
  // Who hands the log of `origin` on to `reader` when that cannot reach it: the next one that is a peer of both.
  [[nodiscard]] std::optional<std::size_t> relay(std::size_t reader, std::size_t origin) const;

 private:
  void found(std::size_t one);
  void introduce();
  [[nodiscard]] std::string agreement(std::size_t here, std::size_t with) const;

  test::Folder folder_;
  std::vector<std::unique_ptr<Founder>> founders_;
};

// Of what must go well for there to be a simulation.
template <class T>
T must(core::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace tocsin::simulation
