#include "server/ledger/spill.hpp"

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using ledger::Spill;

namespace {

std::vector<std::string> texts(Spill const& spill) {
  std::vector<std::string> out;
  for (auto const& entry : spill.read()) out.push_back(std::to_string(entry.at_us) + entry.text);
  return out;
}

}  // namespace

TEST_CASE("what was spilled is there for the next process, in order", "[ledger][spill]") {
  test::Folder folder;
  {
    Spill spill(folder / "spill", 4'096);
    CHECK(spill.empty());
    std::vector<store::AuditEntry> entries{{1, "{\"a\":1}"}, {2, "{\"b\":2}"}};
    REQUIRE(spill.append(entries));
    std::vector<store::AuditEntry> more{{3, "{}"}};
    REQUIRE(spill.append(more));
  }
  Spill again(folder / "spill", 4'096);
  CHECK_FALSE(again.empty());
  CHECK(texts(again) == std::vector<std::string>{"1{\"a\":1}", "2{\"b\":2}", "3{}"});
}

TEST_CASE("entries that were stored are dropped and the others stay", "[ledger][spill]") {
  test::Folder folder;
  Spill spill(folder / "spill", 4'096);
  std::vector<store::AuditEntry> entries{{1, "{\"a\":\"a long one\"}"}, {2, "{}"}, {3, "{\"c\":3}"}};
  REQUIRE(spill.append(entries));
  spill.drop(2);
  CHECK(texts(spill) == std::vector<std::string>{"3{\"c\":3}"});
  spill.drop(5);
  CHECK(spill.empty());
  CHECK(texts(Spill(folder / "spill", 4'096)).empty());
}

TEST_CASE("a full file takes no more and keeps what it has", "[ledger][spill]") {
  test::Folder folder;
  Spill spill(folder / "spill", 32);
  std::vector<store::AuditEntry> one{{1, "{\"member\":1}"}};
  REQUIRE(spill.append(one));
  REQUIRE(spill.append(one));
  CHECK_FALSE(spill.append(one));
  CHECK(texts(spill).size() == 2);
  CHECK(std::filesystem::file_size(folder / "spill") == 32);
}

TEST_CASE("a line that a crash cut short is left out", "[ledger][spill]") {
  test::Folder folder;
  std::ofstream(folder / "spill") << "1\t{}\nno time\n2\t{\"cut";
  Spill spill(folder / "spill", 4'096);
  CHECK(texts(spill) == std::vector<std::string>{"1{}"});
}

TEST_CASE("where no file can be made nothing fits", "[ledger][spill]") {
  Spill spill("/proc/nowhere/spill", 4'096);
  std::vector<store::AuditEntry> one{{1, "{}"}};
  CHECK(spill.capacity() == 0);
  CHECK_FALSE(spill.append(one));
}
