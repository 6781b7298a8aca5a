// The forms in which `tocsin share` sends files, and how a long file becomes several requests. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::client {

enum class ItemForm { json, ndjson, csv, list };

// "json", "ndjson", "csv", "list"; nullopt for another word.
[[nodiscard]] std::optional<ItemForm> parse_item_form(std::string_view word);
[[nodiscard]] std::string_view media_type(ItemForm form);

// By the ending of the name (.json, .ndjson, .jsonl, .csv, .txt, .list), else by how the text begins.
[[nodiscard]] ItemForm form_of_file(std::string_view name, std::string_view text);

// Whether the first record of a table is its header.
enum class TableHead { told_by_names, there, absent };

// What some programs begin a file of text with.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

struct ItemBatch {
  std::string body;
  std::size_t lines_before = 0;  // the file's line number is that of the answer and so many more
};

// At most `lines` lines each, never within a record; the header of a table begins every batch. A JSON document is one
// batch.
[[nodiscard]] std::vector<ItemBatch> item_batches(ItemForm form, std::string_view text, std::size_t lines,
                                                  TableHead head = TableHead::told_by_names);

// Whether a text of this form begins with a header, which every part of it needs.
[[nodiscard]] bool begins_with_header(ItemForm form, std::string_view text, TableHead head);

}  // namespace tocsin::client
