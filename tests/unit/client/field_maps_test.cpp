#include "clients/cpp/field_maps.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/client/temporary_folder.hpp"

using namespace tocsin;
using client::read_maps;
using Maps = std::vector<std::string>;

TEST_CASE("Mappings stand for themselves, and a file for its lines", "[client][field_maps]") {
  test::TemporaryFolder const folder;
  auto const file =
      folder.file("gateway.map", "# of our gateway\n\n  account=customer \r\nprompt=body.text\nmodel=m=1");
  CHECK(read_maps({}).value().empty());
  CHECK(read_maps({"time=when", "@" + file.string(), "address=ip"}).value() ==
        Maps{"time=when", "account=customer", "prompt=body.text", "model=m=1", "address=ip"});
  CHECK(read_maps({"@" + folder.file("empty.map", "").string()}).value().empty());
}

TEST_CASE("A line that maps nothing is named, and so is a file that is not there", "[client][field_maps]") {
  test::TemporaryFolder const folder;
  auto const wrong = read_maps({"@" + folder.file("wrong.map", "account=customer\naccount customer\n").string()});
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().message.starts_with("Line 2 of "));
  CHECK(read_maps({"@" + (folder.path() / "absent.map").string()}).error().message.contains("absent.map"));
}

TEST_CASE("A reader takes the mappings of a file, and says which fields there are", "[client][field_maps]") {
  test::TemporaryFolder const folder;
  std::string account;
  auto const take = [&](logs::AccessRecord const& one) { account = one.account; };
  auto reader = client::make_log_reader(std::nullopt, {"@" + folder.file("ours.map", "account=customer\n").string()},
                                        "scan", take);
  REQUIRE(reader.has_value());
  reader->feed(R"({"time":"2026-05-01T10:00:00Z","customer":"acct-1","ip":"192.0.2.1"})"
               "\n");
  REQUIRE(reader->finish().has_value());
  CHECK(account == "acct-1");
  auto const none =
      client::make_log_reader(std::nullopt, {"@" + folder.file("no.map", "colour=red\n").string()}, "scan", take);
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().remedy.contains("the fields are time, account"));
}
