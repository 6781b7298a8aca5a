// Allow lists, as every store keeps them, and warnings that were overridden, as the audit trail tells of them.
#include <memory>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using nlohmann::json;
using store::AllowKind;
using store::AllowList;
using Texts = std::vector<std::string>;

namespace {

constexpr std::size_t kMost = 100;

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;

  World() { reopen(); }

  void reopen() {
    database.reset();
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
  }

  store::AllowListStore& lists() { return database->allow_lists(); }

  std::vector<json> entries(std::string const& action) {
    std::vector<json> out;
    auto const take = [&](store::AuditRow const& row) {
      auto entry = json::parse(row.entry);
      if (entry.at("action").get<std::string>().starts_with(action)) out.push_back(std::move(entry));
      return true;
    };
    REQUIRE(database->open_reader().value()->audit().visit({}, take).has_value());
    return out;
  }
};

AllowList list(std::string const& name, Texts entries, AllowKind kind = AllowKind::ranges, std::int64_t at = 5) {
  return {name, kind, at, std::move(entries)};
}

}  // namespace

TEST_CASE("what is added to an allow list is there once, and after a restart", "[store][allow-lists]") {
  World world;
  REQUIRE(world.lists().write(list("cloud", {"9.9.9.0/24", "AS7"}), false, kMost).has_value());
  auto const again = world.lists().write(list("cloud", {"9.9.9.0/24", "AS8"}, AllowKind::ranges, 6), false, kMost);
  CHECK(again->added == 1);
  CHECK(again->removed == 0);
  REQUIRE(world.lists().write(list("mails", {"mail.example"}, AllowKind::mail), false, kMost).has_value());
  world.reopen();
  auto const lists = world.lists().lists().value();
  REQUIRE(lists.size() == 2);
  CHECK(lists[0].name == "cloud");
  CHECK(lists[0].changed_us == 6);
  CHECK(lists[0].entries == Texts{"9.9.9.0/24", "AS7", "AS8"});
  CHECK(lists[1].kind == AllowKind::mail);
}

TEST_CASE("an import makes its entries the whole of a list, and leaves the others alone", "[store][allow-lists]") {
  World world;
  REQUIRE(world.lists().write(list("cloud", {"AS1", "AS2", "AS3"}), false, kMost).has_value());
  REQUIRE(world.lists().write(list("other", {"AS1"}), false, kMost).has_value());
  auto const imported = world.lists().write(list("cloud", {"AS3", "AS4"}), true, kMost);
  CHECK(imported->added == 2);
  CHECK(imported->removed == 3);
  auto const lists = world.lists().lists().value();
  CHECK(lists[0].entries == Texts{"AS3", "AS4"});
  CHECK(lists[1].entries == Texts{"AS1"});
}

TEST_CASE("a change that would make the lists too long, or a list of two kinds, changes nothing",
          "[store][allow-lists]") {
  World world;
  REQUIRE(world.lists().write(list("cloud", {"AS1", "AS2"}), false, 3).has_value());
  CHECK(world.lists().write(list("other", {"AS3", "AS4"}), false, 3).error().code == core::Code::conflict);
  CHECK(world.lists().write(list("cloud", {"mail.example"}, AllowKind::mail), true, 3).error().code ==
        core::Code::conflict);
  REQUIRE(world.lists().lists()->size() == 1);
  CHECK(world.lists().lists()->at(0).entries == Texts{"AS1", "AS2"});
  CHECK(world.entries("allow-list").size() == 1);
}

TEST_CASE("entries of a list, or the whole of it, are removed", "[store][allow-lists]") {
  World world;
  REQUIRE(world.lists().write(list("cloud", {"AS1", "AS2", "AS3"}), false, kMost).has_value());
  CHECK(world.lists().remove("cloud", {"AS2", "AS9"}, 8)->removed == 1);
  CHECK(world.lists().lists()->at(0).entries == Texts{"AS1", "AS3"});
  CHECK(world.lists().remove("cloud", {}, 9)->removed == 2);
  CHECK(world.lists().lists()->empty());
  CHECK(world.lists().remove("cloud", {}, 9).error().code == core::Code::not_found);
}

TEST_CASE("each change of an allow list is in the audit trail by its name and numbers", "[store][allow-lists]") {
  World world;
  store::ActingFor const acting(world.database->audit(), {"operator", "admin-socket"});
  REQUIRE(world.lists().write(list("cloud", {"9.9.9.0/24", "AS7"}), false, kMost).has_value());
  REQUIRE(world.lists().remove("cloud", {"AS7"}, 8).has_value());
  auto const entries = world.entries("allow-list");
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].at("action") == "allow-list.write");
  CHECK(entries[0].at("list") == "cloud");
  CHECK(entries[0].at("added") == 2);
  CHECK(entries[1].at("action") == "allow-list.remove");
  CHECK(entries[1].at("removed") == 1);
  for (auto const& entry : entries) CHECK(entry.dump().find("9.9.9") == std::string::npos);
}

TEST_CASE("warnings that were overridden are told with the first commit of a submission, and once", "[store][audit]") {
  World world;
  auto const organisation =
      world.database->accounts().add(store::Organisation{0, "aurora", "lab", 2, "identity--a", "", false, 1}).value();
  store::Collection wanted;
  wanted.id = "c0ffee00-0000-4000-8000-000000000001";
  wanted.alias = "network";
  wanted.title = "Network";
  auto const collection = world.database->accounts().add(wanted).value();
  auto const rules = test::real_rules();
  store::SubmissionRecord record;
  record.id = core::random_uuid();
  record.organisation = organisation;
  record.collection = collection;
  record.overriding = store::SubmissionRecord::Overriding{"Seen in two attacks.", {"value-allow-listed"}, 2};
  for (bool last : {false, true}) {
    std::vector const candidates{test::make_candidate(organisation, core::random_uuid(), 1, {stix::Tlp::green, false})};
    store::CommitPart part{collection, candidates, &record, last, {"aurora", "0123456789abcdef"}};
    REQUIRE(world.database->commits().commit({&part, 1}, rules, 1'000'000).has_value());
  }
  auto const entries = world.entries("submit");
  REQUIRE(entries.size() == 2);
  REQUIRE(entries[0].contains("overridden"));
  CHECK_FALSE(entries[1].contains("overridden"));
  auto const& told = entries[0].at("overridden").at(0);
  CHECK(told.at("submission") == core::to_text(record.id));
  CHECK(told.at("reason") == "Seen in two attacks.");
  CHECK(told.at("codes") == json::array({"value-allow-listed"}));
  CHECK(told.at("objects") == 2);
}
