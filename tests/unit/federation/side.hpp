// One side that peers: a real database, and files in a folder. Owned by a test; one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "server/access/authenticate.hpp"
#include "server/base/files.hpp"
#include "server/federation/peering.hpp"
#include "server/store/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/other_instance.hpp"

namespace tocsin::test {

inline constexpr std::int64_t kNow = 1'790'000'000'000'000;

class Side {
  test::Folder folder_;

 public:
  explicit Side(std::string const& host) : instance(host) {
    REQUIRE(store::migrate_sqlite(folder_ / "db").has_value());
    database = store::open_sqlite({folder_ / "db", 8, 8}).value();
    REQUIRE(registry.reload(database->accounts()).has_value());
    show();
    auto key = std::make_shared<log::SignerKey>(log::SignerKey::parse(instance.log_key().text()).value());
    federation::Own own{folder_ / "manifest", folder_ / "peers", [key] { return log::SignerKey::parse(key->text()); },
                        [root = instance.root()] { return core::Result<log::VerifierKey>(root); }};
    peering = std::make_unique<federation::Peering>(database->peers(), database->accounts(), registry, std::move(own));
    REQUIRE(peering->load().has_value());
  }

  void show() { REQUIRE(base::write_file(folder_ / "manifest", instance.note(), 0600).has_value()); }

  std::string invite(std::int64_t now_us = kNow) {
    auto const made = peering->invitation(now_us).value();
    REQUIRE(peering->keep(made, now_us).has_value());
    return made.line;
  }

  // The reply and the words, or why not.
  core::Result<federation::Peering::Received> accept(std::string const& line, std::int64_t now_us = kNow,
                                                     std::string const& name = "") {
    auto received = peering->receive(line, name, now_us);
    if (!received) return received;
    if (auto taken = peering->take(*received, now_us); !taken) return std::unexpected(taken.error());
    return received;
  }
  core::Code refused(std::string const& line, std::int64_t now_us = kNow) { return accept(line, now_us).error().code; }

  void write_agreement(std::string const& peer, std::string const& text) {
    std::filesystem::create_directories(folder_ / "peers");
    REQUIRE(base::write_file(folder_ / "peers" / (peer + ".toml"), text, 0600).has_value());
  }

  // The file of a peer's agreement, in force afterwards. What is wrong with it.
  std::size_t agree(std::string const& peer, std::string const& text) {
    write_agreement(peer, text);
    auto const read = peering->read_agreements();
    REQUIRE(peering->take(read).has_value());
    REQUIRE(read.size() == 1);
    return read.front().mistakes.size();
  }

  // What the file of an agreement says, or one of that name and ending.
  [[nodiscard]] std::string agreed(std::string const& file) const {
    return base::read_file(folder_ / "peers" / file, 1 << 20).value_or("");
  }

  bool lets_in(OtherInstance& peer, std::int64_t now_us = kNow) {
    base::ClientCertificate const shown{peer.manifest().tls_pins.front(), {}, INT64_MAX};
    return access::authenticate_certificate(*registry.current(), &shown, std::nullopt, false, "192.0.2.1", now_us)
        .has_value();
  }

  OtherInstance instance;
  std::unique_ptr<store::Database> database;
  access::Registry registry;
  std::unique_ptr<federation::Peering> peering;
};

}  // namespace tocsin::test
