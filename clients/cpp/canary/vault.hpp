// Where the owner of canaries keeps secrets and salts: a folder beside profiles.toml, a file each, that nobody else can
// read. What was kept is never overwritten. Blocking; one thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/cpp/outcome.hpp"
#include "clients/cpp/profile.hpp"
#include "schema/core/bytes.hpp"

namespace tocsin::client {

inline constexpr std::size_t kMaxSecret = 16u << 20;  // bytes

struct Planted {
  std::string commitment;  // 64 digits; names it
  core::Salt salt{};
  std::string secret;                                       // any bytes
  std::string server;                                       // "https://HOST:PORT"
  std::string at;                                           // when it was kept, as 2026-01-31T12:00:00.000000Z
  std::vector<std::pair<std::string, std::string>> said{};  // what is shared of it besides the commitment
  std::optional<std::string> indicator{};                   // its id, once a server has taken it
};

// All that is kept. What is damaged says which file, and keeps nobody from the others.
struct Kept {
  std::vector<Planted> canaries;  // in the order in which they were kept
  std::vector<Failure> damaged;   // Exit::local
};

class Vault {
 public:
  // The folder is made when something is kept. Failure: Exit::local, when no variable says where it is.
  [[nodiscard]] static Outcome<Vault> of(Environment const& environment);

  // On disk when it returns. Failures: Exit::local.
  [[nodiscard]] Outcome<void> keep(Planted const& planted) const;
  [[nodiscard]] Outcome<void> note_indicator(std::string const& commitment, std::string const& id) const;

  // By the commitment or the indicator's id. Failures: Exit::not_found; Exit::local when its own file is damaged.
  [[nodiscard]] Outcome<Planted> find(std::string_view name) const;
  // Failure: Exit::local, for a folder that cannot be read.
  [[nodiscard]] Outcome<Kept> all() const;

  [[nodiscard]] std::filesystem::path file_of(std::string const& commitment) const;

 private:
  [[nodiscard]] Outcome<std::vector<std::filesystem::path>> files() const;  // one a canary
  explicit Vault(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
};

}  // namespace tocsin::client
