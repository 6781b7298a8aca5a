#include "clients/cpp/item_blocks.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::client {
namespace {

struct Cut {
  std::vector<std::string> bodies;
  std::vector<std::size_t> before;
};

Cut cut(ItemForm form, std::string_view text, std::size_t lines, std::size_t piece,
        TableHead head = TableHead::told_by_names) {
  Cut out;
  ItemBlocks blocks(form, head, lines, [&](ItemBatch block) -> Outcome<void> {
    out.bodies.push_back(std::move(block.body));
    out.before.push_back(block.lines_before);
    return {};
  });
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) REQUIRE(blocks.add(text.substr(0, piece)));
  REQUIRE(blocks.end());
  return out;
}

using Bodies = std::vector<std::string>;
using Counts = std::vector<std::size_t>;

}  // namespace

TEST_CASE("a file that is read in pieces is cut into blocks of whole records", "[client][share]") {
  for (std::size_t piece : {1u, 2u, 5u, 100u}) {
    INFO(piece);
    auto const list = cut(ItemForm::list, "a\nb\nc", 2, piece);
    CHECK(list.bodies == Bodies{"a\nb\n", "c\n"});
    CHECK(list.before == Counts{0, 2});
    auto const table = cut(ItemForm::csv, "\xef\xbb\xbfvalue,description\na,\"x\ny\"\nb,\nc,\n", 2, piece);
    CHECK(table.bodies == Bodies{"value,description\na,\"x\ny\"\nb,\n", "value,description\nc,\n"});
    CHECK(table.before == Counts{0, 3});
  }
}

TEST_CASE("a block has a header where the table has one", "[client][share]") {
  CHECK(cut(ItemForm::csv, "ip\na\nb\n", 1, 9, TableHead::there).bodies == Bodies{"ip\na\n", "ip\nb\n"});
  CHECK(cut(ItemForm::csv, "value\na\n", 1, 9, TableHead::absent).bodies == Bodies{"value\n", "a\n"});
}

TEST_CASE("an empty file is an empty block, and a full block has none behind it", "[client][share]") {
  CHECK(cut(ItemForm::list, "", 2, 9).bodies == Bodies{""});
  CHECK(cut(ItemForm::list, "a\nb\n", 2, 9).bodies == Bodies{"a\nb\n"});
}

TEST_CASE("a quote that is never closed does not fill the memory", "[client][share]") {
  ItemBlocks blocks(ItemForm::csv, TableHead::absent, 9, [](ItemBatch) { return Outcome<void>(); });
  REQUIRE(blocks.add("a\n\"b\n"));
  auto const more = blocks.add(std::string(8u << 20, '\n'));
  REQUIRE_FALSE(more);
  CHECK(more.error().message.find("line 2") != std::string::npos);
}

TEST_CASE("a failure of who takes the blocks ends the reading", "[client][share]") {
  int taken = 0;
  ItemBlocks blocks(ItemForm::list, TableHead::absent, 1, [&](ItemBatch) -> Outcome<void> {
    ++taken;
    return fail(Exit::server, "No.", "");
  });
  CHECK_FALSE(blocks.add("a\nb\n"));
  CHECK(taken == 1);
}

}  // namespace tocsin::client
