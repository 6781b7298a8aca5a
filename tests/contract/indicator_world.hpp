// A world of indicators for tests of any store: two collections, and readers who see GREEN. One test.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

namespace tocsin::test {

inline access::ClassFacts const kGreen{stix::Tlp::green, false};
inline access::ClassFacts const kRed{stix::Tlp::red, false};

struct IndicatorWorld {
  Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = real_rules();
  std::map<std::string, store::RowId> classes;

  IndicatorWorld() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
  }

  store::RowId add_organisation(std::string const& name, std::string const& identity) {
    store::Organisation organisation;
    organisation.name = name;
    organisation.type = "lab";
    organisation.identity = identity;
    return database->accounts().add(organisation).value();
  }

  void commit(std::vector<std::vector<store::Candidate>> const& by_collection) {
    std::vector<store::CommitPart> parts;
    store::RowId collection = 0;
    for (auto const& candidates : by_collection) parts.push_back({++collection, candidates, nullptr, true});
    auto const outcome = database->commits().commit(parts, rules, 1'000'000'000'000).value();
    for (auto const& one : outcome.new_classes) classes[one.key] = one.row;
  }
  void commit(std::vector<store::Candidate> const& candidates) {
    commit(std::vector<std::vector<store::Candidate>>{candidates});
  }

  // Of a reader who sees GREEN, and what it asserted itself of every class.
  store::IndicatorQuery query(std::vector<kinds::KeyRange> keys, store::RowId asserter = 0,
                              std::vector<store::RowId> collections = {1, 2}) {
    store::IndicatorQuery out{{std::move(collections), {}}, std::move(keys)};
    if (auto green = classes.find(access::class_key(kGreen)); green != classes.end())
      out.sight.window.visible.insert(green->second);
    out.sight.window.asserter = asserter;
    if (asserter != 0)
      for (auto const& [key, row] : classes) out.sight.window.own.insert(row);
    out.limit = 100;
    return out;
  }

  // The bytes of what is found, in order.
  std::vector<std::string> found(store::IndicatorQuery const& query) {
    auto const page = database->open_reader().value()->indicators().search(query).value();
    std::vector<std::string> out;
    for (auto const& one : page.rows) out.push_back(one.bytes);
    return out;
  }
  std::size_t count(store::IndicatorQuery const& query) { return found(query).size(); }
};

inline store::Candidate naming(core::Uuid const& uuid, std::vector<std::string> const& keys,
                               std::int64_t modified_ns = 10, access::ClassFacts const& facts = kGreen,
                               store::RowId asserter = 1) {
  auto out = make_candidate(asserter, uuid, modified_ns, facts, "indicator", keys.front());
  out.kind = keys.front().substr(0, keys.front().find('\0'));
  out.searchable = kinds::Searchable{keys, {}, {}, 0, {}};
  return out;
}

inline std::string key(std::string const& kind, std::string const& value) {
  return kinds::keys_of_value(kind, value).value().front().first;
}
inline std::string address(std::string const& value) { return key("ip-range", value); }

inline std::vector<kinds::KeyRange> all() { return {kinds::every_key()}; }
inline std::vector<kinds::KeyRange> only(std::string const& value) {
  return kinds::keys_of_value("ip-range", value).value();
}

}  // namespace tocsin::test
