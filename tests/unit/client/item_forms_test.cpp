#include "clients/cpp/item_forms.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::client {
namespace {

using Bodies = std::vector<std::string>;

Bodies bodies(std::vector<ItemBatch> const& batches) {
  Bodies out;
  for (auto const& batch : batches) out.push_back(batch.body);
  return out;
}

}  // namespace

TEST_CASE("the form of a file is known by the ending of its name", "[client][share]") {
  CHECK(form_of_file("a.json", "x") == ItemForm::json);
  CHECK(form_of_file("a.ndjson", "x") == ItemForm::ndjson);
  CHECK(form_of_file("a.jsonl", "x") == ItemForm::ndjson);
  CHECK(form_of_file("a.csv", "x") == ItemForm::csv);
  CHECK(form_of_file("a.txt", "{}") == ItemForm::list);
}

TEST_CASE("without an ending that says it, the form of a file is known by how it begins", "[client][share]") {
  CHECK(form_of_file("-", " [1]") == ItemForm::json);
  CHECK(form_of_file("-", "{\"kind\":1}\n") == ItemForm::json);
  CHECK(form_of_file("-", "{\n\"kind\":1}\n") == ItemForm::json);
  CHECK(form_of_file("-", "{\"kind\":1}\n{\"kind\":2}\n") == ItemForm::ndjson);
  CHECK(form_of_file("-", "192.0.2.1\n192.0.2.2\n") == ItemForm::list);
  CHECK(form_of_file("-", "value\n192.0.2.1\n") == ItemForm::csv);
  CHECK(form_of_file("-", "ip-range,192.0.2.1\n") == ItemForm::csv);
  CHECK(form_of_file("-", "") == ItemForm::list);
}

TEST_CASE("a long file is sent in parts that know how many lines came before", "[client][share]") {
  auto const list = item_batches(ItemForm::list, "a\nb\nc\nd\ne", 2);
  CHECK(bodies(list) == Bodies{"a\nb\n", "c\nd\n", "e"});
  CHECK(list[2].lines_before == 4);
  CHECK(bodies(item_batches(ItemForm::list, "a\nb\n", 2)) == Bodies{"a\nb\n"});
  CHECK(bodies(item_batches(ItemForm::json, "[1,\n2]", 1)) == Bodies{"[1,\n2]"});
  CHECK(bodies(item_batches(ItemForm::list, "", 2)) == Bodies{""});
}

TEST_CASE("every part of a table has its header, and no record is cut", "[client][share]") {
  auto const table = item_batches(ItemForm::csv, "\xef\xbb\xbfvalue,description\na,\"x\ny\"\nb,\nc,\n", 2);
  CHECK(bodies(table) == Bodies{"value,description\na,\"x\ny\"\nb,\n", "value,description\nc,\n"});
  // Line 2 of the second part is line 5 of the file.
  CHECK(table[1].lines_before == 3);
  CHECK(bodies(item_batches(ItemForm::csv, "ip-range,a\nip-range,b\n", 1)) == Bodies{"ip-range,a\n", "ip-range,b\n"});
}

}  // namespace tocsin::client
