// A registry with accounts behind it and the operator's verbs. Owned by a test; one thread.
#pragma once

#include <stdexcept>
#include <string>

#include "server/access/administration.hpp"
#include "server/access/token.hpp"
#include "tests/unit/access/accounts.hpp"

namespace tocsin::test {

struct AccessWorld {
  static constexpr std::int64_t kNow = 1'000'000'000'000;

  AccessWorld() { reload(); }
  void reload() {
    if (!registry.reload(accounts)) throw std::runtime_error("the accounts cannot be read");
  }

  store::Organisation organisation(std::string const& name, std::string const& type = "lab",
                                   std::string const& clearance = "amber") {
    return administration.add(access::NewOrganisation{name, type, clearance, "", ""}, kNow).value();
  }
  store::Collection collection(std::string const& title) {
    return administration.add(access::NewCollection{title, "", "", "green"}, kNow).value();
  }
  std::string token(access::NewCredential const& wanted) { return administration.add(wanted, kNow).value(); }
  std::string token(std::string const& of, std::string const& role) {
    access::NewCredential wanted;
    wanted.organisation = of;
    wanted.roles = {role};
    return token(wanted);
  }
  // The class with a key, interned, and published by `asserter` unless that is 0.
  store::RowId intern(access::ClassFacts facts, store::RowId asserter = 0) {
    auto row = static_cast<store::RowId>(accounts.class_rows.size()) + 1;
    accounts.class_rows.push_back({row, access::class_key(facts)});
    if (asserter != 0) accounts.corners.push_back({1, row, asserter, 1});
    reload();
    return row;
  }

  [[nodiscard]] access::Session const& session(std::string const& token) {
    held = registry.current();
    return *held->session(access::split_token(token).value().id);
  }

  Accounts accounts;
  access::Registry registry;
  access::Administration administration{accounts, registry};
  std::shared_ptr<access::Directory const> held;  // what `session` points into
};

}  // namespace tocsin::test
