#include "clients/cpp/item_forms.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

struct Row {
  ItemForm form;
  std::string_view word, type;
};
constexpr std::array kForms{Row{ItemForm::json, "json", "application/json"},
                            Row{ItemForm::ndjson, "ndjson", "application/x-ndjson"},
                            Row{ItemForm::csv, "csv", "text/csv"}, Row{ItemForm::list, "list", "text/plain"}};

struct Ending {
  std::string_view text;
  ItemForm form;
};
constexpr std::array kEndings{Ending{".json", ItemForm::json},    Ending{".ndjson", ItemForm::ndjson},
                              Ending{".jsonl", ItemForm::ndjson}, Ending{".csv", ItemForm::csv},
                              Ending{".txt", ItemForm::list},     Ending{".list", ItemForm::list}};

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

bool has_header(std::string_view record) {
  auto const is_name = [&](std::string_view name) {
    for (std::size_t at = 0; at <= record.size();) {
      auto const end = std::min(record.find(',', at), record.size());
      auto cell = record.substr(at, end - at);
      while (!cell.empty() && std::string_view(" \t\r\"").find(cell.front()) != cell.npos) cell.remove_prefix(1);
      while (!cell.empty() && std::string_view(" \t\r\"").find(cell.back()) != cell.npos) cell.remove_suffix(1);
      if (std::ranges::equal(cell, name, [](char a, char b) { return (a | 32) == b; })) return true;
      at = end + 1;
    }
    return false;
  };
  return is_name("kind") || is_name("value") || is_name("name");
}

// The next line, or in a table the next record, with its end.
std::string_view next_record(ItemForm form, std::string_view text) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (form == ItemForm::csv && text[at] == '"') quoted = !quoted;
    if (text[at] == '\n' && !quoted) return text.substr(0, at + 1);
  }
  return text;
}

std::size_t lines_in(std::string_view text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

}  // namespace

std::optional<ItemForm> parse_item_form(std::string_view word) {
  auto const found = std::ranges::find(kForms, word, &Row::word);
  return found == kForms.end() ? std::nullopt : std::optional(found->form);
}

std::string_view media_type(ItemForm form) { return std::ranges::find(kForms, form, &Row::form)->type; }

ItemForm form_of_file(std::string_view name, std::string_view text) {
  for (auto const& ending : kEndings)
    if (name.ends_with(ending.text)) return ending.form;
  auto const begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return ItemForm::list;
  text.remove_prefix(begin);
  auto const line = first_line(text);
  if (text.front() == '[') return ItemForm::json;
  if (text.front() == '{') {
    bool const more = text.substr(line.size()).find_first_not_of(" \t\r\n") != text.npos;
    return more && stix::parse_json(line) ? ItemForm::ndjson : ItemForm::json;
  }
  return line.find(',') != line.npos || has_header(line) ? ItemForm::csv : ItemForm::list;
}

bool begins_with_header(ItemForm form, std::string_view text, TableHead head) {
  if (form != ItemForm::csv || head == TableHead::absent) return false;
  return head == TableHead::there || has_header(first_line(text));
}

std::vector<ItemBatch> item_batches(ItemForm form, std::string_view text, std::size_t lines, TableHead head) {
  if (form == ItemForm::json) return {{std::string(text), 0}};
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string header;
  std::size_t passed = 0;
  if (begins_with_header(form, text, head)) {
    header = next_record(form, text);
    text.remove_prefix(header.size());
    passed = lines_in(header);
  }
  std::vector<ItemBatch> out;
  std::size_t const header_lines = lines_in(header);
  for (std::size_t count = lines; !text.empty(); ++count) {
    if (count == lines) {
      out.push_back({header, passed - header_lines});
      count = 0;
    }
    auto const record = next_record(form, text);
    out.back().body += record;
    passed += lines_in(record);
    text.remove_prefix(record.size());
  }
  if (out.empty()) out.push_back({header, 0});
  return out;
}

}  // namespace tocsin::client
