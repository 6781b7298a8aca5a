#include "server/ledger/spill.hpp"

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/file_limit.hpp"
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

TEST_CASE("a line that a crash cut short, or that is no entry, is left out", "[ledger][spill]") {
  test::Folder folder;
  std::ofstream(folder / "spill") << "1\t{}\nno time\n2\n3 {}\n4\t{\"cut";
  Spill spill(folder / "spill", 4'096);
  CHECK(texts(spill) == std::vector<std::string>{"1{}"});
}

TEST_CASE("where no file can be made nothing fits", "[ledger][spill]") {
  Spill spill("/proc/nowhere/spill", 4'096);
  std::vector<store::AuditEntry> one{{1, "{}"}};
  CHECK(spill.capacity() == 0);
  CHECK_FALSE(spill.append(one));
}

TEST_CASE("where there is no room for the file nothing fits", "[ledger][spill]") {
  test::Folder folder;
  std::vector<store::AuditEntry> one{{1, "{}"}};
  bool appended = true;
  std::size_t capacity = 1;
  {
    test::FileLimit limit(1'024);
    Spill spill(folder / "spill", 4'096);
    capacity = spill.capacity();
    appended = spill.append(one);
  }
  CHECK(capacity == 0);
  CHECK_FALSE(appended);
}

TEST_CASE("an entry that the file did not take is not counted, and the next one stands in its place",
          "[ledger][spill]") {
  test::Folder folder;
  Spill spill(folder / "spill", 4'096);
  std::vector<store::AuditEntry> first{{1, "{\"a\":1}"}}, lost{{2, "{\"b\":2}"}}, later{{3, "{\"c\":3}"}};
  REQUIRE(spill.append(first));
  bool appended = true;
  {
    test::FileLimit limit(4);
    appended = spill.append(lost);
  }
  CHECK_FALSE(appended);
  CHECK(texts(spill) == std::vector<std::string>{"1{\"a\":1}"});
  REQUIRE(spill.append(later));
  CHECK(texts(Spill(folder / "spill", 4'096)) == std::vector<std::string>{"1{\"a\":1}", "3{\"c\":3}"});
}

TEST_CASE("forgetting entries of an empty file changes nothing", "[ledger][spill]") {
  test::Folder folder;
  Spill spill(folder / "spill", 4'096);
  spill.drop(3);
  CHECK(spill.empty());
  std::vector<store::AuditEntry> one{{1, "{}"}};
  REQUIRE(spill.append(one));
  CHECK(texts(spill).size() == 1);
}
