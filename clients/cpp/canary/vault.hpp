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
  bool waits = false;                                       // for an analyst of the server, when it was sent last
};

// What is kept in the vault, whole or not.
struct Kept {
  struct Damaged {
    std::filesystem::path file;
    std::optional<std::string> indicator;
    Failure why;
  };
  std::vector<Planted> whole;    // in the order in which they were kept
  std::vector<Damaged> damaged;  // what was changed, or cannot be read
};

class Vault {
 public:
  // The folder is made when something is kept. Failure: Exit::local, when no variable says where it is.
  [[nodiscard]] static Outcome<Vault> of(Environment const& environment);

  // On disk when it returns. Failures: Exit::local.
  [[nodiscard]] Outcome<void> keep(Planted const& planted) const;
  // What a server took, in place of what it took before. `waits`: for an analyst.
  [[nodiscard]] Outcome<void> note_indicator(std::string const& commitment, std::string const& id, bool waits) const;

  // By the commitment or the indicator's id. Failures: Exit::not_found; Exit::local when its file is damaged.
  [[nodiscard]] Outcome<Planted> find(std::string_view name) const;
  // Failure: Exit::local, when the folder cannot be read; a damaged file stops nobody from having the others.
  [[nodiscard]] Outcome<Kept> all() const;

  [[nodiscard]] std::filesystem::path file_of(std::string const& commitment) const;

 private:
  explicit Vault(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
};

}  // namespace tocsin::client
